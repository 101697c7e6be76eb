import type { IncomingHttpHeaders } from 'node:http';
import { KmsError } from './kms-error.js';

/** Who calls, and the Region that the request is for. */
export interface Caller {
  readonly accessKeyId: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** Which callers the simulator takes. */
export interface CallerRules {
  /** Regions that exist; `undefined`: every well-formed one. */
  readonly regions: ReadonlySet<string> | undefined;
  /** Account by access key id; `undefined`: all belong to `account`. */
  readonly accounts: ReadonlyMap<string, string> | undefined;
  readonly account: string;
}

/** Access key id, date, Region and service; then the signed headers; then the signature. */
const AUTHORIZATION = new RegExp(
  '^AWS4-HMAC-SHA256 Credential=([\\w-]+)/(\\d{8})/([\\w-]+)/([\\w-]+)/aws4_request, ?' +
    'SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$',
);
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d+$/;

/** Whether a text has the form of an AWS Region: `eu-west-1`, `us-gov-east-1`. */
export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/**
 * Reads the AWS Signature Version 4 of a request. Its presence, its form, its service, Region and
 * date are checked; the signature itself is not, so any secret access key will do.
 *
 * @throws KmsError as the service answers a request that is signed wrongly.
 */
export function readCaller(headers: IncomingHttpHeaders, rules: CallerRules): Caller {
  const { authorization } = headers;
  if (authorization === undefined) {
    throw new KmsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const [, accessKeyId = '', date = '', region = '', service, signed = ''] = AUTHORIZATION.exec(authorization) ?? [];
  if (service === undefined) {
    throw new KmsError(
      'IncompleteSignatureException',
      'Authorization header is not an AWS Signature Version 4 with Credential, SignedHeaders and Signature.',
    );
  }
  const sentAt = headers['x-amz-date'];
  if (typeof sentAt !== 'string' || !/^\d{8}T\d{6}Z$/.test(sentAt)) {
    throw new KmsError('IncompleteSignatureException', 'Authorization header requires a valid X-Amz-Date header.');
  }
  if (!signed.split(';').includes('host')) throw badSignature("'Host' must be a signed header.");
  if (service !== 'kms') throw badSignature("Credential should be scoped to correct service: 'kms'.");
  if (!isRegion(region) || rules.regions?.has(region) === false) {
    throw badSignature(`Credential should be scoped to a valid Region, not '${region}'.`);
  }
  if (!sentAt.startsWith(date)) throw badSignature('Date in Credential scope does not match YYYYMMDD from X-Amz-Date.');
  const account = rules.accounts === undefined ? rules.account : rules.accounts.get(accessKeyId);
  if (account === undefined) {
    throw new KmsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  return { accessKeyId, account, region };
}

/** The Region that a request claims to be for, right or wrong; empty if it claims none. */
export function claimedRegion(headers: IncomingHttpHeaders): string {
  return /Credential=[^/]*\/[^/]*\/([^/,]*)\//.exec(headers.authorization ?? '')?.[1] ?? '';
}

function badSignature(message: string): KmsError {
  return new KmsError('InvalidSignatureException', message);
}
