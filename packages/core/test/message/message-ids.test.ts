import { describe, expect, it } from 'vitest';
import {
  encrypt,
  encryptDetached,
  encryptDetachedStream,
  encryptStream,
  inspect,
} from '../../src/index.js';
import { cut, hex, patterned } from '../support/bytes.js';
import { allowTime, cases } from '../support/cases.js';
import { asFailure, failure, thrownBy } from '../support/failure.js';
import { collectUntilFailure, streamOf, through } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

allowTime();

const plaintext = patterned(9000);
const options = { segmentSize: 4096 } as const;

const ways: readonly (readonly [string, (keyring: TestKeyring) => Promise<Uint8Array>])[] = [
  ['encrypt', async (keyring) => await encrypt(plaintext, { keyring, ...options })],
  ['encryptDetached', async (keyring) => (await encryptDetached(plaintext, { keyring, ...options })).header],
  ['encryptStream', async (keyring) => await through(encryptStream({ keyring, ...options }), [plaintext])],
  ['encryptDetachedStream', async (keyring) => (await encryptDetachedStream({ keyring, ...options })).header],
];

describe.each(ways)('%s', (_name, run) => {
  it('makes a new message id and a new data key at every call', async () => {
    const keyring = new TestKeyring();
    const count = cases(2_000);
    const ids = new Set<string>();
    for (let i = 0; i < count; i++) ids.add(inspect((await run(keyring)).subarray(0, 200)).messageId);
    expect(ids.size).toBe(count);
    expect(new Set(keyring.secrets.map(hex)).size).toBe(count);
    for (const id of ids) expect(id).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
  });

  it('makes a new one when it is tried again after a failure', async () => {
    let down = true;
    const digests = new Set<string>();
    const keyring = new TestKeyring({
      wrap: async (request, real) => {
        digests.add(hex(request.keyMaterial));
        return down ? await Promise.reject(new Error('down')) : await real(request);
      },
    });
    await failure(run(keyring), 'wrap-failed');
    down = false;
    const first = inspect((await run(keyring)).subarray(0, 200)).messageId;
    const second = inspect((await run(keyring)).subarray(0, 200)).messageId;
    expect(first).not.toBe(second);
    expect(digests.size).toBe(3);
  });
});

describe('the same plaintext twice', () => {
  it('has no segment in common', async () => {
    const keyring = new TestKeyring();
    const zeros = new Uint8Array(8192);
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const { payload } = await encryptDetached(zeros, { keyring, ...options });
      for (const segment of cut(payload.subarray(16), 4112)) seen.add(hex(segment));
    }
    expect(seen.size).toBe(40);
  });
});

describe('a stream', () => {
  it('takes one plaintext: a second pipe into it throws', async () => {
    const stream = encryptStream({ keyring: new TestKeyring(), ...options });
    await Promise.all([collectUntilFailure(stream.readable), streamOf(plaintext).pipeTo(stream.writable)]);
    const writer = stream.writable.getWriter();
    // Node 20 throws at the call, where it should reject.
    expect(await thrownBy(async () => { await writer.write(plaintext); })).toBeInstanceOf(Error);
    writer.releaseLock();
    expect(await thrownBy(streamOf(plaintext).pipeTo(stream.writable))).toBeInstanceOf(Error);
  });

  it('takes one plaintext: nor can a second source be piped in while the first is', async () => {
    const stream = encryptStream({ keyring: new TestKeyring(), ...options });
    const sealed = collectUntilFailure(stream.readable);
    const piping = streamOf(plaintext, plaintext).pipeTo(stream.writable);
    expect(await thrownBy(streamOf(plaintext).pipeTo(stream.writable))).toBeInstanceOf(TypeError);
    await piping;
    expect((await sealed).error).toBeUndefined();
  });

  it('gives its output once: a second reading gives nothing', async () => {
    const stream = encryptStream({ keyring: new TestKeyring(), ...options });
    const [first] = await Promise.all([collectUntilFailure(stream.readable), streamOf(plaintext).pipeTo(stream.writable)]);
    expect(first.bytes.length).toBeGreaterThan(9000);
    const second = await collectUntilFailure(stream.readable);
    expect(second.bytes).toHaveLength(0);
  });

  it('gives its output once: nothing reads along', async () => {
    const stream = encryptStream({ keyring: new TestKeyring(), ...options });
    const reading = collectUntilFailure(stream.readable);
    expect(() => stream.readable.getReader()).toThrow(TypeError);
    await streamOf(plaintext).pipeTo(stream.writable);
    expect((await reading).error).toBeUndefined();
  });

  it('that failed takes nothing more', async () => {
    const stream = encryptStream({ keyring: new TestKeyring({ wrap: async () => await Promise.reject(new Error('down')) }) });
    const reading = collectUntilFailure(stream.readable);
    const writer = stream.writable.getWriter();
    writer.closed.catch(() => undefined);
    await failure(writer.write(plaintext), 'wrap-failed');
    await failure(writer.write(plaintext), 'wrap-failed');
    expect(await thrownBy(writer.close())).toBeInstanceOf(TypeError);
    asFailure((await reading).error, 'wrap-failed');
  });
});
