import CRC32C from 'crc-32/crc32c.js';
import { describe, expect, it } from 'vitest';
import { gcpFailureOf, gcpStatus } from './support/gcp-failure.js';
import { gcpSimulated, HOME } from './support/gcp-simulated.js';
import { bytes } from '../support/values.js';

const { sim, client } = await gcpSimulated();
const kms = client();
const key = await sim.gcp.createKey({ location: HOME, key: 'app' });
const other = await sim.gcp.createKey({ location: HOME, key: 'other' });
const plaintext = bytes(32);
const aad = bytes(42);
const crc = (data: Uint8Array): { value: number } => ({ value: CRC32C.buf(data) >>> 0 });
const seal = async (name = key.name): Promise<Uint8Array> => {
  const [{ ciphertext }] = await kms.encrypt({ name, plaintext, additionalAuthenticatedData: aad });
  return ciphertext as Uint8Array;
};

describe('Encrypt and Decrypt', () => {
  it('give the plaintext back under the same additional data', async () => {
    const [answer] = await kms.encrypt({ name: key.name, plaintext, additionalAuthenticatedData: aad });
    expect(answer).toMatchObject({ name: key.version, protectionLevel: 'SOFTWARE' });
    const { ciphertext } = answer as { ciphertext: Uint8Array };
    const [opened] = await kms.decrypt({ name: key.name, ciphertext, additionalAuthenticatedData: aad });
    expect(Buffer.from(plaintext).equals(opened.plaintext as Uint8Array)).toBe(true);
    expect(opened).toMatchObject({ usedPrimary: true, protectionLevel: 'SOFTWARE' });
  });

  it('differ each time', async () => {
    expect(Buffer.from(await seal()).equals(await seal())).toBe(false);
  });

  it('take additional data exactly', async () => {
    const ciphertext = await seal();
    for (const additionalAuthenticatedData of [undefined, aad.subarray(1), bytes(42)]) {
      const request = { name: key.name, ciphertext, ...(additionalAuthenticatedData && { additionalAuthenticatedData }) };
      expect(await gcpFailureOf(kms.decrypt(request))).toEqual({
        status: 'INVALID_ARGUMENT',
        message: 'Decryption failed: the ciphertext is invalid.',
      });
    }
  });

  it('tell another key’s ciphertext from a damaged one', async () => {
    const ciphertext = await seal();
    expect(await gcpFailureOf(kms.decrypt({ name: other.name, ciphertext, additionalAuthenticatedData: aad }))).toEqual({
      status: 'INVALID_ARGUMENT',
      message: "Decryption failed: verify that 'name' refers to the correct CryptoKey.",
    });
    for (let at = 0; at < ciphertext.byteLength; at += 1) {
      const damaged = Uint8Array.from(ciphertext);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const { status, message } = await gcpFailureOf(kms.decrypt({ name: key.name, ciphertext: damaged, additionalAuthenticatedData: aad }));
      expect([status, message]).toEqual(['INVALID_ARGUMENT', 'Decryption failed: the ciphertext is invalid.']);
    }
  });

  it('encrypt under a version that is named', async () => {
    await kms.createCryptoKeyVersion({ parent: other.name });
    const [{ name }] = await kms.encrypt({ name: `${other.name}/cryptoKeyVersions/2`, plaintext });
    expect(name).toBe(`${other.name}/cryptoKeyVersions/2`);
    const [byKey] = await kms.encrypt({ name: other.name, plaintext });
    expect(byKey.name).toBe(other.version);
  });

  it('limit what an HSM takes to 8 KiB together, and software to 64 KiB each', async () => {
    const hsm = await sim.gcp.createKey({ location: HOME, protectionLevel: 'HSM' });
    const [answer] = await kms.encrypt({ name: hsm.name, plaintext: bytes(8000), additionalAuthenticatedData: bytes(192) });
    expect(answer.protectionLevel).toBe('HSM');
    const { ciphertext } = answer as { ciphertext: Uint8Array };
    const opened = await gcpStatus(kms.decrypt({ name: hsm.name, ciphertext, additionalAuthenticatedData: bytes(192) }));
    expect(opened).toBe('INVALID_ARGUMENT'); // other additional data, not the size
    expect(await gcpStatus(kms.encrypt({ name: hsm.name, plaintext: bytes(8000), additionalAuthenticatedData: bytes(193) }))).toBe('INVALID_ARGUMENT');
    await kms.encrypt({ name: key.name, plaintext: bytes(65_536), additionalAuthenticatedData: bytes(65_536) });
    expect(await gcpStatus(kms.encrypt({ name: key.name, plaintext: bytes(65_537) }))).toBe('INVALID_ARGUMENT');
  });

  it('say what does not exist, and what a name is not', async () => {
    const missing = key.name.replace(/app$/, 'none');
    expect(await gcpFailureOf(kms.encrypt({ name: missing, plaintext }))).toEqual({
      status: 'NOT_FOUND',
      message: `CryptoKey ${missing} not found.`,
    });
    expect(await gcpStatus(kms.decrypt({ name: key.version, ciphertext: await seal() }))).toBe('INVALID_ARGUMENT');
    expect(await gcpStatus(kms.encrypt({ name: 'alias/app', plaintext }))).toBe('INVALID_ARGUMENT');
  });
});

describe('checksums', () => {
  it('are verified where they are sent, and say so', async () => {
    const request = { name: key.name, plaintext, additionalAuthenticatedData: aad };
    const [unchecked] = await kms.encrypt(request);
    expect(unchecked).toMatchObject({ verifiedPlaintextCrc32c: false, verifiedAdditionalAuthenticatedDataCrc32c: false });
    const [checked] = await kms.encrypt({ ...request, plaintextCrc32c: crc(plaintext), additionalAuthenticatedDataCrc32c: crc(aad) });
    expect(checked).toMatchObject({ verifiedPlaintextCrc32c: true, verifiedAdditionalAuthenticatedDataCrc32c: true });
  });

  it('are those of what is answered', async () => {
    const [sealed] = await kms.encrypt({ name: key.name, plaintext });
    expect(sealed.ciphertextCrc32c?.value).toBe(`${crc(sealed.ciphertext as Uint8Array).value}`);
    const [opened] = await kms.decrypt({ name: key.name, ciphertext: sealed.ciphertext as Uint8Array });
    expect(opened.plaintextCrc32c?.value).toBe(`${crc(plaintext).value}`);
  });

  it.each(['plaintext', 'additional_authenticated_data'])('refuse a wrong %s on the way in', async (field) => {
    const right = { plaintextCrc32c: crc(plaintext), additionalAuthenticatedDataCrc32c: crc(aad) };
    const wrong = field === 'plaintext' ? { plaintextCrc32c: crc(aad) } : { additionalAuthenticatedDataCrc32c: crc(plaintext) };
    const call = kms.encrypt({ name: key.name, plaintext, additionalAuthenticatedData: aad, ...right, ...wrong });
    expect(await gcpFailureOf(call)).toEqual({
      status: 'INVALID_ARGUMENT',
      message: `The checksum in field ${field}_crc32c did not match the data in field ${field}.`,
    });
  });

  it('refuse a wrong ciphertext on the way in', async () => {
    const ciphertext = await seal();
    const call = kms.decrypt({ name: key.name, ciphertext, additionalAuthenticatedData: aad, ciphertextCrc32c: { value: 1 } });
    expect((await gcpFailureOf(call)).message).toMatch(/ciphertext_crc32c did not match/);
  });
});
