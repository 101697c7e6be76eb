import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { decryptStream, encryptStream } from '../../src/index.js';
import { patterned } from '../support/bytes.js';
import { until } from '../support/gate.js';
import { TestKeyring } from '../support/test-keyring.js';

// What is held here is held for ever.
vi.setConfig({ testTimeout: 10_000 });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Ways of making a stream, each with something that is kept as long as the stream is. */
const ways: readonly (readonly [string, () => Promise<object> | object])[] = [
  ['encryptStream', () => {
    const keyring = new TestKeyring();
    encryptStream({ keyring });
    return keyring;
  }],
  ['decryptStream', () => {
    const keyring = new TestKeyring();
    decryptStream({ keyring });
    return keyring;
  }],
  ['encryptStream, half used', async () => {
    const stream = encryptStream({ keyring: new TestKeyring(), segmentSize: 4096 });
    void stream.writable.getWriter().write(patterned(100_000)).catch(() => undefined);
    await stream.readable.getReader().read();
    return stream.readable;
  }],
];

describe('a stream that nobody gave a signal', () => {
  it.each(ways)('is not kept when it is made and forgotten: %s', async (_name, make) => {
    const forgotten = await (async () => new WeakRef(await make()))();
    await until(() => {
      collectGarbage();
      return forgotten.deref() === undefined;
    });
    expect(forgotten.deref()).toBeUndefined();
  });
});
