/** What is sent, byte for byte, and what never is. */
import { createHash } from 'node:crypto';
import type { protos } from '@google-cloud/kms';
import { DATA_KEY, failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import type { GcpKmsClient } from '@keyfold/gcp-kms';
import { encryptionContext } from '@keyfold/core/keyring';
import type { WrappedKey } from '@keyfold/core/keyring';
import CRC32C from 'crc-32/crc32c.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { AWAY, HOME, simulated } from './support/simulated.js';

const { sim, keyring, client } = await simulated();
const kms = client();
const { name } = await sim.gcp.createKey({ location: HOME, key: 'app' });
const rsa = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_3072_SHA256' });
const context = { tenant: 'acme', purpose: 'backup' };

/** A real client that shows what it is asked. */
function watched(): { readonly client: GcpKmsClient; readonly seen: { method: string; request: object }[] } {
  const seen: { method: string; request: object }[] = [];
  const watch = <Request extends object, Rest extends unknown[], Answer>(method: string, call: (request: Request, ...rest: Rest) => Answer) =>
    (request: Request, ...rest: Rest): Answer => {
      seen.push({ method, request });
      return call(request, ...rest);
    };
  return {
    seen,
    client: {
      encrypt: watch('encrypt', async (request, options) => await kms.encrypt(request, options)),
      decrypt: watch('decrypt', async (request, options) => await kms.decrypt(request, options)),
      asymmetricDecrypt: watch('asymmetricDecrypt', async (request, options) => await kms.asymmetricDecrypt(request, options)),
      getPublicKey: watch('getPublicKey', async (request, options) => await kms.getPublicKey(request, options)),
      initialize: async () => await kms.initialize(),
    },
  };
}

const crc = (bytes: Uint8Array): { value: number } => ({ value: CRC32C.buf(bytes) >>> 0 });

beforeEach(() => {
  sim.requests.reset();
});

describe('a symmetric key', () => {
  it('is sent the label and the context’s hash, with checksums', async () => {
    const { client: spy, seen } = watched();
    const one = keyring({ key: name, client: spy });
    const wrappedKey = await wrapOne(one, context);
    await unwrapFrom(one, [wrappedKey], context);
    const { digest } = await encryptionContext(context);
    const aad = Buffer.concat([Buffer.from('keyfold/v1'), digest]);
    expect(aad).toHaveLength(42);
    const common = { name, additionalAuthenticatedData: new Uint8Array(aad), additionalAuthenticatedDataCrc32c: crc(aad) };
    expect(seen).toEqual([
      { method: 'encrypt', request: { ...common, plaintext: DATA_KEY, plaintextCrc32c: crc(DATA_KEY) } },
      { method: 'decrypt', request: { ...common, ciphertext: wrappedKey.ciphertext, ciphertextCrc32c: crc(wrappedKey.ciphertext) } },
    ]);
  });

  it('unwraps what anyone wraps by the specification alone', async () => {
    const encoded = Buffer.from('\0\x01\0\x06tenant\0\x04acme', 'latin1');
    const aad = Buffer.concat([Buffer.from('keyfold/v1'), createHash('sha256').update(encoded).digest()]);
    const [answer] = await kms.encrypt({ name, plaintext: DATA_KEY, additionalAuthenticatedData: aad });
    const wrappedKey: WrappedKey = {
      provider: 'gcp-kms',
      keyId: name,
      keyVersion: '1',
      algorithm: 'GOOGLE_SYMMETRIC_ENCRYPTION',
      ciphertext: answer.ciphertext as Uint8Array,
    };
    expect((await unwrapFrom(keyring({ key: name }), [wrappedKey], { tenant: 'acme' }))?.keyMaterial).toEqual(DATA_KEY);
    expect((await failure(unwrapFrom(keyring({ key: name }), [wrappedKey], { tenant: 'ACME' }), 'keyring-failed')).details.reason).toBe('corrupt');
  });

  it('does not unwrap what was encrypted without our additional data', async () => {
    const [answer] = await kms.encrypt({ name, plaintext: DATA_KEY });
    const forged = { ...(await wrapOne(keyring({ key: name }))), ciphertext: answer.ciphertext as Uint8Array };
    expect((await failure(unwrapFrom(keyring({ key: name }), [forged]), 'keyring-failed')).details.reason).toBe('corrupt');
  });
});

it('an RSA key unwraps with the version that the envelope names, of the key that the configuration names', async () => {
  const { client: spy, seen } = watched();
  const one = keyring({ key: rsa.version, client: spy });
  const wrappedKey = await wrapOne(one);
  expect(wrappedKey).toMatchObject({ keyId: rsa.name, keyVersion: '1', algorithm: 'RSA_DECRYPT_OAEP_3072_SHA256' });
  await unwrapFrom(one, [wrappedKey]);
  expect(seen).toEqual([
    { method: 'getPublicKey', request: { name: rsa.version } },
    { method: 'asymmetricDecrypt', request: { name: rsa.version, ciphertext: wrappedKey.ciphertext, ciphertextCrc32c: crc(wrappedKey.ciphertext) } },
  ]);
});

describe('no request is made', () => {
  it.each([
    ['another project', name.replace('simulator', 'simulat0r')],
    ['another location', name.replace(HOME, AWAY)],
    ['another key ring', name.replace('/keyRings/keyfold/', '/keyRings/keyf0ld/')],
    ['another key', `${name}2`],
    ['a host', `cloudkms.evil.example/${name}`],
    ['a URL with user info', `https://cloudkms.googleapis.com@evil.example/v1/${name}`],
    ['a version within the name', `${name}/cryptoKeyVersions/1`],
    ['dots', `${name}/../app`],
    ['an encoded slash', name.replace('/keyRings/', '%2FkeyRings/')],
    ['another script', name.replace('app', 'арр')],
  ])('for a name with %s', async (_what, keyId) => {
    const wrappedKey = await wrapOne(keyring({ key: name }));
    sim.requests.reset();
    expect(await unwrapFrom(keyring({ key: name }), [{ ...wrappedKey, keyId }])).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it.each(['0', '01', '1/../2', '99999999999', ' 1', '1 ', '１'])('for the version %j', async (keyVersion) => {
    const wrappedKey = await wrapOne(keyring({ key: name }));
    sim.requests.reset();
    expect(await unwrapFrom(keyring({ key: name }), [{ ...wrappedKey, keyVersion }])).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it('for the algorithm of the other kind of key', async () => {
    const symmetric = await wrapOne(keyring({ key: name }));
    const asymmetric = await wrapOne(keyring({ key: rsa.version }));
    sim.requests.reset();
    const both = keyring({ key: name, alsoUnwrap: [rsa.version] });
    for (const [one, other] of [[symmetric, asymmetric], [asymmetric, symmetric]] as const) {
      expect(await unwrapFrom(both, [{ ...one, algorithm: other.algorithm }])).toBeNull();
    }
    expect(await unwrapFrom(both, [{ ...asymmetric, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA1' }])).toBeNull();
    expect(sim.requests.count()).toBe(0);
  });

  it('for an RSA ciphertext that is not as long as its modulus', async () => {
    const wrappedKey = await wrapOne(keyring({ key: rsa.version }));
    sim.requests.reset();
    const wrong = { ...wrappedKey, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' };
    expect((await failure(unwrapFrom(keyring({ key: rsa.version }), [wrong]), 'keyring-failed')).details.reason).toBe('corrupt');
    expect(sim.requests.count()).toBe(0);
  });
});

describe('answers', () => {
  const answering = (change: (answer: protos.google.cloud.kms.v1.IEncryptResponse) => object): GcpKmsClient => {
    const { client: real } = watched();
    return { ...real, encrypt: async (request, options) => [{ ...(await real.encrypt(request, options))[0], ...change({}) }] };
  };

  it.each([
    ['of another key', { name: `${name}2/cryptoKeyVersions/1` }],
    ['of another project', { name: `${name.replace('simulator', 'other-project')}/cryptoKeyVersions/1` }],
    ['without a version', { name }],
    ['without a name', { name: null }],
    ['without a checksum', { ciphertextCrc32c: null }],
    ['with another checksum', { ciphertextCrc32c: { value: '1' } }],
    ['without a ciphertext', { ciphertext: null }],
    ['with an empty ciphertext', { ciphertext: new Uint8Array(0), ciphertextCrc32c: { value: '0' } }],
    ['that did not verify the data key', { verifiedPlaintextCrc32c: false }],
    ['that did not verify the context', { verifiedAdditionalAuthenticatedDataCrc32c: false }],
  ])('%s are refused', async (_what, change) => {
    const one = keyring({ key: name, client: answering(() => change) });
    expect((await failure(wrapOne(one), 'keyring-failed')).details.reason).toBe('integrity');
  });
});
