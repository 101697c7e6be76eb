/** Data keys are wiped where this package can, and never said. */
import { encryptionContext } from '@keyfold/core/keyring';
import { until } from '@keyfold/dev/testing';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import type { GcpKmsClient } from '@keyfold/gcp-kms';
import { expect, it } from 'vitest';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const kms = client();
const { name } = await sim.gcp.createKey({ location: HOME });
const wrappedKey = await wrapOne(keyring({ key: name }));
const isWiped = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** A real client whose decryptions can be looked at, and held back after they were answered. */
function holding(until_: Promise<void>): { readonly client: GcpKmsClient; readonly plaintexts: Uint8Array[] } {
  const plaintexts: Uint8Array[] = [];
  const bound: GcpKmsClient = {
    encrypt: async (request, options) => await kms.encrypt(request, options),
    asymmetricDecrypt: async (request, options) => await kms.asymmetricDecrypt(request, options),
    getPublicKey: async (request, options) => await kms.getPublicKey(request, options),
    decrypt: async (request, options) => {
      const answer = await kms.decrypt(request, options);
      plaintexts.push(answer[0].plaintext as Uint8Array);
      await until_;
      return answer;
    },
  };
  return { client: bound, plaintexts };
}

it('what the client answered is wiped once it was read', async () => {
  const { client: one, plaintexts } = holding(Promise.resolve());
  expect((await unwrapFrom(keyring({ key: name, client: one }), [wrappedKey]))?.keyMaterial).toEqual(DATA_KEY);
  expect(plaintexts.map(isWiped)).toEqual([true]);
});

it('what is answered after the caller went away is wiped, too', async () => {
  let release = (): void => undefined;
  const { client: one, plaintexts } = holding(
    new Promise((resolve) => {
      release = resolve;
    }),
  );
  const controller = new AbortController();
  const seen = failure(unwrapFrom(keyring({ key: name, client: one }), [wrappedKey], {}, { signal: controller.signal }), 'aborted');
  await until(() => plaintexts.length === 1);
  expect(plaintexts.map(isWiped)).toEqual([false]);
  controller.abort();
  await seen;
  release();
  await until(() => plaintexts.every(isWiped));
});

it('what is not accepted is wiped', async () => {
  const handed: Uint8Array[] = [];
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => {
    handed.push(keyMaterial);
    return await Promise.resolve(false);
  };
  const { signal } = new AbortController();
  const unwrapping = keyring({ key: name }).unwrap({ wrappedKeys: [wrappedKey], context: await encryptionContext({}), accepts, signal });
  expect((await failure(unwrapping, 'keyring-failed')).details.reason).toBe('integrity');
  expect(handed.map(isWiped)).toEqual([true]);
});

it('an answer of another length is refused, without its bytes', async () => {
  const [answer] = await kms.encrypt({
    name,
    plaintext: new Uint8Array(16).fill(7),
    additionalAuthenticatedData: Buffer.concat([Buffer.from('keyfold/v1'), (await encryptionContext({})).digest]),
  });
  const short = { ...wrappedKey, ciphertext: answer.ciphertext as Uint8Array };
  const { details, message } = await failure(unwrapFrom(keyring({ key: name }), [short]), 'keyring-failed');
  expect(details.reason).toBe('integrity');
  expect(message).toContain('without a data key of 32 bytes');
});
