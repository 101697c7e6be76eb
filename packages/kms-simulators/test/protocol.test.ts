import { GenerateRandomCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { failureOf } from './support/failure.js';
import { rawRequest, VALID_HEADERS } from './support/raw-request.js';
import { simulated } from './support/simulated.js';

const { sim, client } = await simulated({ aws: { regions: ['eu-west-1', 'us-east-1'] } });
const { endpoint } = sim.aws;
const { authorization } = VALID_HEADERS;
const credential = (scope: string): Record<string, string> => ({
  authorization: authorization.replace('simulator/20261121/eu-west-1/kms/aws4_request', scope),
});
const ELSEWHERE = credential('simulator/20261121/ap-south-1/kms/aws4_request');

describe('the protocol', () => {
  it('is AWS JSON 1.1 with a request id', async () => {
    const answer = await rawRequest(endpoint);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(answer.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body).toEqual({ Keys: [], Truncated: false });
  });

  it.each([
    ['no signature', { authorization: undefined }, 'MissingAuthenticationTokenException'],
    ['another scheme', { authorization: 'Bearer abc' }, 'IncompleteSignatureException'],
    ['half a signature', { authorization: authorization.slice(0, -1) }, 'IncompleteSignatureException'],
    ['no date', { 'x-amz-date': undefined }, 'IncompleteSignatureException'],
    ['another day', credential('simulator/20261120/eu-west-1/kms/aws4_request'), 'InvalidSignatureException'],
    ['another service', credential('simulator/20261121/eu-west-1/s3/aws4_request'), 'InvalidSignatureException'],
    ['a Region that is none', credential('simulator/20261121/moon/kms/aws4_request'), 'InvalidSignatureException'],
    ['a Region not configured', ELSEWHERE, 'InvalidSignatureException'],
    ['an unsigned host', { authorization: authorization.replace(';host', '') }, 'InvalidSignatureException'],
    ['no operation', { 'x-amz-target': undefined }, 'UnknownOperationException'],
    ['another service’s operation', { 'x-amz-target': 'DynamoDB_20120810.ListKeys' }, 'UnknownOperationException'],
  ])('refuses %s', async (_, headers, name) => {
    const answer = await rawRequest(endpoint, headers);
    expect(answer.status).toBe(400);
    expect(answer.body?.__type).toBe(name);
    expect(answer.body?.message).not.toBe('');
  });

  it.each([
    ['no JSON', '{"KeyId":'],
    ['no object', '[]'],
    ['a number for a text', '{"Marker": 7}'],
    ['a text for a number', '{"Limit": "7"}'],
    ['ill-formed UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('refuses a body with %s', async (_, body) => {
    const answer = await rawRequest(endpoint, {}, body);
    expect(answer).toMatchObject({ status: 400, body: { __type: 'SerializationException' } });
  });

  it('refuses ill-formed base64, and values that are no texts in a context', async () => {
    const target = { 'x-amz-target': 'TrentService.Encrypt' };
    for (const fields of [{ Plaintext: 'a' }, { Plaintext: 'AAAA', EncryptionContext: { n: 1 } }]) {
      const answer = await rawRequest(endpoint, target, JSON.stringify({ KeyId: 'alias/a', ...fields }));
      expect(answer.body?.__type).toBe('SerializationException');
    }
  });

  it('refuses a body of more than 1 MiB', async () => {
    const answer = await rawRequest(endpoint, {}, 'x'.repeat(1024 * 1024 + 1));
    expect(answer).toMatchObject({ status: 413, body: { __type: 'RequestEntityTooLargeException' } });
  });

  it('says which operations it does not simulate', async () => {
    const failure = await failureOf(client().send(new GenerateRandomCommand({ NumberOfBytes: 8 })));
    expect(failure).toEqual({
      name: 'UnknownOperationException',
      status: 400,
      message: 'The operation GenerateRandom is not simulated.',
    });
  });

  it('listens on 127.0.0.1 only', () => {
    expect(new URL(endpoint).hostname).toBe('127.0.0.1');
  });
});
