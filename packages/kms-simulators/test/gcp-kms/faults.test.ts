import type { Fault } from '@keyfold/kms-simulators';
import { beforeEach, describe, expect, it } from 'vitest';
import CRC32C from 'crc-32/crc32c.js';
import { gcpFailureOf, gcpStatus } from './support/gcp-failure.js';
import { AWAY, gcpSimulated, HOME, ONCE } from './support/gcp-simulated.js';
import { bytes } from '../support/values.js';

/** Longer than any test: what waits for it ends only because something ended it. */
const FOREVER = 3_600_000;

const { sim, client } = await gcpSimulated();
const kms = client();
const { name, version } = await sim.gcp.createKey({ location: HOME, key: 'hit' });
const other = await sim.gcp.createKey({ location: AWAY, key: 'spared' });
const plaintext = Buffer.from(bytes(32));
const [{ ciphertext }] = await kms.encrypt({ name, plaintext }) as [{ ciphertext: Uint8Array }, unknown, unknown];
const decrypt = async (): Promise<unknown> => (await kms.decrypt({ name, ciphertext }, ONCE))[0].plaintext;
/** Resolves when a request is under way, unanswered. */
const pending = async (): Promise<void> => {
  await expect.poll(() => sim.requests.list({ outcome: 'pending' })).toHaveLength(1);
};

beforeEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

describe('faults that refuse', () => {
  it.each<[Fault['kind'], string]>([
    ['throttled', 'RESOURCE_EXHAUSTED'],
    ['access-denied', 'PERMISSION_DENIED'],
    ['internal-error', 'INTERNAL'],
    ['dependency-timeout', 'DEADLINE_EXCEEDED'],
    ['unavailable', 'UNAVAILABLE'],
  ])('%s answers with %s', async (kind, status) => {
    sim.faults.inject({ kind, count: 1 } as Fault);
    expect(await gcpStatus(decrypt())).toBe(status);
    expect(sim.requests.list()).toMatchObject([
      { provider: 'gcp-kms', operation: 'Decrypt', region: HOME, account: 'simulator', keys: [name], outcome: status, fault: kind },
    ]);
    expect(await decrypt()).toEqual(plaintext);
  });

  it('name the permission that is missing', async () => {
    sim.faults.inject({ kind: 'access-denied' });
    expect((await gcpFailureOf(decrypt())).message).toBe(
      `Permission 'cloudkms.cryptoKeyVersions.useToDecrypt' denied on resource '${name}' (or it may not exist).`,
    );
  });

  it('error answers with any status', async () => {
    sim.faults.inject({ kind: 'error', code: 'UNAUTHENTICATED', message: 'Wer da? 100 %', count: 1 });
    expect(await gcpFailureOf(decrypt())).toEqual({ status: 'UNAUTHENTICATED', message: 'Wer da? 100 %' });
  });

  it('are retried by the SDK where it does so in the cloud', async () => {
    sim.faults.inject({ kind: 'unavailable', count: 2 });
    await kms.decrypt({ name, ciphertext });
    expect(sim.requests.count({ operation: 'Decrypt' })).toBe(3);
  });
});

describe('faults of the connection', () => {
  it('reset is a stream that is refused, and leaves the others alone', async () => {
    const waiting = sim.faults.inject({ kind: 'hang', key: other.name });
    const spared = kms.encrypt({ name: other.name, plaintext }, ONCE);
    await pending();
    sim.faults.inject({ kind: 'reset', key: name });
    expect(await gcpStatus(decrypt())).toBe('UNAVAILABLE');
    waiting.clear();
    expect((await spared)[0].name).toBe(other.version);
  });

  it('a location goes down and comes back', async () => {
    sim.faults.regionDown(HOME);
    expect(await gcpStatus(decrypt())).toBe('UNAVAILABLE');
    await kms.encrypt({ name: other.name, plaintext });
    sim.faults.regionUp(HOME);
    expect(await decrypt()).toEqual(plaintext);
  });

  it.each(['cut-off', 'truncated', 'garbage'] as const)('%s is no answer that a client takes', async (kind) => {
    sim.faults.inject({ kind });
    for (let i = 0; i < 20; i += 1) expect(await gcpStatus(decrypt())).toBe('INTERNAL');
    expect(sim.requests.count({ outcome: 'damaged' })).toBe(20);
  });

  it('hang ends when it is cleared', async () => {
    const fault = sim.faults.inject({ kind: 'hang' });
    const answer = decrypt();
    await pending();
    fault.clear();
    expect(await answer).toEqual(plaintext);
  });

  it('hang ends when the caller’s deadline passes', async () => {
    sim.faults.inject({ kind: 'hang' });
    expect(await gcpStatus(kms.decrypt({ name, ciphertext }, { ...ONCE, timeout: 50 }))).toBe('DEADLINE_EXCEEDED');
    await expect.poll(() => sim.requests.count({ outcome: 'no-answer' })).toBe(1);
  });

  it('latency and late successes go on when they are cleared', async () => {
    for (const kind of ['latency', 'late-success'] as const) {
      sim.requests.reset();
      const fault = sim.faults.inject({ kind, ms: FOREVER });
      const answer = decrypt();
      await pending();
      fault.clear();
      expect(await answer).toEqual(plaintext);
    }
  });
});

describe('answers that are wrong', () => {
  const crc = (data: unknown): string => `${CRC32C.buf(data as Uint8Array) >>> 0}`;

  it('wrong-crc spoils the checksum alone', async () => {
    sim.faults.inject({ kind: 'wrong-crc' });
    const [opened] = await kms.decrypt({ name, ciphertext });
    expect(opened.plaintext).toEqual(plaintext);
    expect(opened.plaintextCrc32c?.value).not.toBe(crc(plaintext));
    const [sealed] = await kms.encrypt({ name, plaintext });
    expect(sealed.ciphertextCrc32c?.value).not.toBe(crc(sealed.ciphertext));
  });

  it('unverified-crc takes no notice of the caller’s checksums', async () => {
    sim.faults.inject({ kind: 'unverified-crc' });
    const [sealed] = await kms.encrypt({ name, plaintext, plaintextCrc32c: { value: Number(crc(plaintext)) } });
    expect(sealed.verifiedPlaintextCrc32c).toBe(false);
  });

  it('are of Google Cloud KMS alone where checksums are', () => {
    expect(sim.faults.inject({ kind: 'wrong-crc' }).fault.provider).toBe('gcp-kms');
    expect(() => sim.faults.inject({ kind: 'wrong-crc', provider: 'aws-kms' })).toThrow(/Only gcp-kms/);
  });

  it('wrong-plaintext is one bit off, with the checksum of what is wrong', async () => {
    sim.faults.inject({ kind: 'wrong-plaintext' });
    const [opened] = await kms.decrypt({ name, ciphertext });
    const wrong = Buffer.from(plaintext);
    wrong.writeUInt8(wrong.readUInt8(0) ^ 1, 0);
    expect(opened.plaintext).toEqual(wrong);
    expect(opened.plaintextCrc32c?.value).toBe(crc(wrong));
    const [sealed] = await kms.encrypt({ name, plaintext, plaintextCrc32c: { value: Number(crc(plaintext)) } });
    expect(sealed.verifiedPlaintextCrc32c).toBe(true);
    sim.faults.clear();
    const [again] = await kms.decrypt({ name, ciphertext: sealed.ciphertext as Uint8Array });
    expect(again.plaintext).toEqual(wrong);
  });

  it('other-key answers for another key of the same kind', async () => {
    sim.faults.inject({ kind: 'other-key' });
    const [sealed] = await kms.encrypt({ name, plaintext });
    expect(sealed.name).not.toBe(version);
    const [opened] = await kms.decrypt({ name, ciphertext });
    expect(opened.plaintext).toHaveLength(32);
    expect(opened.plaintext).not.toEqual(plaintext);
    sim.faults.clear();
    sim.faults.inject({ kind: 'other-key', otherKey: other.name });
    expect((await kms.encrypt({ name, plaintext }))[0].name).toBe(other.version);
    expect(sim.requests.count({ outcome: 'damaged' })).toBe(3);
  });
});

describe('faults with a target', () => {
  it('mean a key by its name, the name of a version, or its id', async () => {
    for (const key of [name, 'hit']) {
      sim.faults.clear();
      sim.faults.inject({ kind: 'unavailable', key });
      expect(await gcpStatus(decrypt())).toBe('UNAVAILABLE');
      await kms.encrypt({ name: other.name, plaintext });
    }
  });

  it('are known by the operations of the service', () => {
    expect(() => sim.faults.inject({ kind: 'hang', operation: 'encrypt' })).toThrow(/spelt "Encrypt"/);
    sim.faults.inject({ kind: 'hang', operation: 'AsymmetricDecrypt', provider: 'gcp-kms' });
  });
});
