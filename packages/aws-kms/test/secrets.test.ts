/** What becomes of data keys in the clear: answers, late answers, errors. */
import { inspect } from 'node:util';
import type { DecryptCommand } from '@aws-sdk/client-kms';
import type { AwsKmsClient } from '@keyfold/aws-kms';
import { isKeyfoldError } from '@keyfold/core';
import { hold, until } from '@keyfold/dev/testing';
import { DATA_KEY, failure, generateOne, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { afterEach, describe, expect, it } from 'vitest';
import { withServer } from './support/own-server.js';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const key = await sim.aws.createKey({ region: HOME });
const kms = client();
const wrapped = await wrapOne(keyring({ key: key.arn }));

afterEach(() => {
  sim.faults.clear();
});

/** The SDK's client, whose answers can be looked at; with `deaf`, one that does not heed signals. */
function observed(deaf = false): { readonly client: AwsKmsClient; readonly plaintexts: Uint8Array[] } {
  const plaintexts: Uint8Array[] = [];
  const send = async (command: DecryptCommand, options: Parameters<AwsKmsClient['send']>[1]): Promise<unknown> => {
    const answer = await (deaf ? kms.send(command) : kms.send(command, options));
    if (answer.Plaintext !== undefined) plaintexts.push(answer.Plaintext);
    return answer;
  };
  return { client: { send } as AwsKmsClient, plaintexts };
}

describe('an answer with a data key', () => {
  it('is wiped once the data key was taken out of it', async () => {
    const { client: given, plaintexts } = observed();
    const one = keyring({ key: key.arn, client: given });
    const made = await generateOne(one);
    const opened = await unwrapFrom(one, [wrapped]);
    expect(opened?.keyMaterial).toEqual(DATA_KEY);
    expect(made.keyMaterial.some((byte) => byte !== 0)).toBe(true);
    expect(plaintexts).toEqual([new Uint8Array(32), new Uint8Array(32)]);
    // The data key is in memory of its own, not in a pool of Node’s.
    for (const bytes of [made.keyMaterial, opened?.keyMaterial]) expect(bytes?.buffer.byteLength).toBe(32);
  });

  it('is wiped when it is refused', async () => {
    const { client: given, plaintexts } = observed();
    const one = keyring({ key: key.arn, client: given });
    sim.faults.inject({ kind: 'other-key' });
    await failure(generateOne(one), 'keyring-failed');
    await failure(unwrapFrom(one, [wrapped]), 'keyring-failed');
    expect(plaintexts).toEqual([new Uint8Array(32), new Uint8Array(32)]);
  });

  it.each([
    ['after the deadline', 'timeout'],
    ['after its caller left', 'aborted'],
  ])('is wiped when it comes %s, from a client that heeds no signal', async (_, how) => {
    for (const operation of ['GenerateDataKey', 'Decrypt'] as const) {
      const { client: given, plaintexts } = observed(true);
      const one = keyring({ key: key.arn, client: given, ...(how === 'timeout' ? { timeoutMs: 40 } : {}) });
      const held = hold(sim, operation);
      const controller = new AbortController();
      const { signal } = controller;
      const call = operation === 'Decrypt' ? unwrapFrom(one, [wrapped], {}, { signal }) : generateOne(one, {}, { signal });
      const ended = call.catch((error: unknown) => error);
      await held.reached;
      if (how === 'aborted') controller.abort();
      const error = await ended;
      expect(isKeyfoldError(error, 'aborted') ? 'aborted' : isKeyfoldError(error, 'keyring-failed') && error.details.reason).toBe(how);
      held.release();
      await until(() => plaintexts.length === 1);
      await new Promise((resolve) => setImmediate(resolve));
      expect(plaintexts).toEqual([new Uint8Array(32)]);
    }
  });
});

describe('errors', () => {
  const secret = Buffer.from(DATA_KEY).toString('base64');
  const parts = [secret.slice(0, 8), secret.slice(-8)];
  const shown = (error: unknown): string => inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity });

  it.each([
    ['cut off', `{"Plaintext":"${secret}","KeyId":`],
    ['damaged', `{"Plaintext":"${secret}"x}`],
    ['that is no object', `"${secret}`],
    ['with a letter that is not of base64', `{"Plaintext":"${secret.replace('=', '!')}"}`],
  ])('hold nothing of an answer %s', async (_, body) => {
    await withServer(200, body, async (endpoint) => {
      const { credentials } = sim.aws.clientConfig(HOME);
      const one = keyring({ key: key.arn, clientConfig: { endpoint, credentials, maxAttempts: 1 } });
      const error = await failure(unwrapFrom(one, [wrapped]), 'keyring-failed');
      expect(error.details.reason).toBe('integrity');
      for (const part of parts) expect(shown(error)).not.toContain(part);
      one.close();
    });
  });

  it('hold nothing of what clients attach to theirs', async () => {
    const text = `{"Plaintext":"${secret}"x}`;
    // As versions of the SDK do: the text itself, the response with it, and a message that quotes it.
    const thrown = Object.assign(new SyntaxError(`Unexpected token 'x', ..."${parts[1] ?? ''}"x}" is not valid JSON`), {
      $responseBodyText: text,
      $response: { body: text },
      $metadata: { httpStatusCode: 200, attempts: 1, body: text },
    });
    const one = keyring({ key: key.arn, client: { send: async () => await Promise.reject(thrown) } });
    const error = await failure(unwrapFrom(one, [wrapped]), 'keyring-failed');
    expect(error.details.reason).toBe('integrity');
    expect(error.cause).toMatchObject({ name: 'SyntaxError', $metadata: { httpStatusCode: 200, attempts: 1 } });
    for (const part of parts) expect(shown(error)).not.toContain(part);
  });

  it('keep what helps: name, message, status, request id and attempts', async () => {
    sim.faults.inject({ kind: 'access-denied' });
    const { cause } = await failure(wrapOne(keyring({ key: key.arn })), 'keyring-failed');
    expect(cause).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('kms:Encrypt') as string,
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, attempts: 1 },
    });
    expect(cause).not.toHaveProperty('$response');
  });
});

describe('a keyring', () => {
  it('shows neither credentials nor settings to those who print it', () => {
    const one = keyring({ key: key.arn, clientConfig: { credentials: { accessKeyId: 'AKIAVISIBLE', secretAccessKey: 'very-secret' } } });
    const seen = inspect(one, { depth: Infinity, showHidden: true }) + JSON.stringify(one);
    for (const text of ['AKIAVISIBLE', 'very-secret']) expect(seen).not.toContain(text);
  });
});
