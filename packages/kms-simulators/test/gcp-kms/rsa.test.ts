import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import CRC32C from 'crc-32/crc32c.js';
import { describe, expect, it } from 'vitest';
import { gcpFailureOf, gcpStatus } from './support/gcp-failure.js';
import { gcpSimulated, HOME } from './support/gcp-simulated.js';
import { bytes } from '../support/values.js';

const { sim, client } = await gcpSimulated();
const kms = client();
const plaintext = bytes(32);
const key = await sim.gcp.createKey({ location: HOME, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
const [{ pem }] = await kms.getPublicKey({ name: key.version });
const seal = (oaepHash: string, to = pem ?? ''): Uint8Array =>
  publicEncrypt({ key: to, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, plaintext);

describe('asymmetric keys', () => {
  it('give out their public half with its checksum, in the format that was asked for', async () => {
    const [asPem] = await kms.getPublicKey({ name: key.version });
    expect(asPem).toMatchObject({ name: key.version, algorithm: 'RSA_DECRYPT_OAEP_2048_SHA256' });
    expect(asPem.pemCrc32c?.value).toBe(`${CRC32C.str(pem ?? '') >>> 0}`);
    expect(createPublicKey(pem ?? '').asymmetricKeyDetails?.modulusLength).toBe(2048);
    const [asDer] = await kms.getPublicKey({ name: key.version, publicKeyFormat: 'DER' });
    const data = asDer.publicKey?.data as Buffer;
    expect(createPublicKey({ key: data, type: 'spki', format: 'der' }).export({ type: 'spki', format: 'pem' })).toBe(pem);
    expect(asDer.publicKey?.crc32cChecksum?.value).toBe(`${CRC32C.buf(data) >>> 0}`);
  });

  it('decrypt what was encrypted with it, without any request', async () => {
    const ciphertext = seal('sha256');
    const [answer] = await kms.asymmetricDecrypt({
      name: key.version,
      ciphertext,
      ciphertextCrc32c: { value: CRC32C.buf(ciphertext) >>> 0 },
    });
    expect(Buffer.from(plaintext).equals(answer.plaintext as Uint8Array)).toBe(true);
    expect(answer).toMatchObject({ verifiedCiphertextCrc32c: true, plaintextCrc32c: { value: `${CRC32C.buf(plaintext) >>> 0}` } });
  });

  it('take no other hash, no other version and no damage', async () => {
    expect(await gcpStatus(kms.asymmetricDecrypt({ name: key.version, ciphertext: seal('sha1') }))).toBe('INVALID_ARGUMENT');
    const [{ name }] = await kms.createCryptoKeyVersion({ parent: key.name });
    expect(await gcpStatus(kms.asymmetricDecrypt({ name: name ?? '', ciphertext: seal('sha256') }))).toBe('INVALID_ARGUMENT');
    const [second] = await kms.getPublicKey({ name: name ?? '' });
    await kms.asymmetricDecrypt({ name: name ?? '', ciphertext: seal('sha256', second.pem ?? '') });
  });

  it('keep to their purpose', async () => {
    expect(await gcpStatus(kms.encrypt({ name: key.name, plaintext }))).toBe('FAILED_PRECONDITION');
    const symmetric = await sim.gcp.createKey({ location: HOME });
    expect(await gcpStatus(kms.getPublicKey({ name: symmetric.version }))).toBe('FAILED_PRECONDITION');
    expect((await gcpFailureOf(kms.asymmetricDecrypt({ name: symmetric.version, ciphertext: bytes(256) }))).message).toMatch(
      /has purpose ENCRYPT_DECRYPT/,
    );
  });
});
