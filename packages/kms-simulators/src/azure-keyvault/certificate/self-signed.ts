import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { bits, context, contextValue, identifier, integer, octets, sequence, set, time, truth, utf8 } from './der.js';

/** A certificate with its key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY = 86_400_000;
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/**
 * A new certificate for 127.0.0.1 and localhost, signed by itself, valid for a year from yesterday (clocks differ).
 * It is no CA: who trusts it trusts one server on this machine and nothing else. The profile is RFC 5280's.
 */
export function selfSigned(now: number = Date.now()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(identifier(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(identifier('2.5.4.3'), utf8('Keyfold KMS simulators'))));
  const toBeSigned = sequence(
    context(0, integer(Uint8Array.of(2))), // version 3
    integer(Uint8Array.of(0x40, ...randomBytes(15))), // serial number
    algorithm,
    name,
    sequence(time(new Date(now - DAY)), time(new Date(now + 365 * DAY))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions())),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const der = sequence(toBeSigned, algorithm, bits(signature));
  return { cert: pem(der), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** Whether the certificate will still be valid in a month. Throws if it is none. */
export function isFresh({ cert }: Certificate, now: number = Date.now()): boolean {
  return Date.parse(new X509Certificate(cert).validTo) > now + 30 * DAY;
}

function extensions(): Uint8Array[] {
  const alternativeNames = sequence(contextValue(7, Uint8Array.of(127, 0, 0, 1)), contextValue(2, Buffer.from('localhost')));
  const serverAuthentication = sequence(identifier('1.3.6.1.5.5.7.3.1'));
  return [
    sequence(identifier('2.5.29.17'), octets(alternativeNames)),
    sequence(identifier('2.5.29.19'), truth(), octets(sequence())), // basic constraints, critical: no CA
    sequence(identifier('2.5.29.37'), octets(serverAuthentication)),
  ];
}

function pem(der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
