import { afterAll, describe, expect, it, vi } from 'vitest';
import * as nodeEngine from '../../src/engine/node.js';
import * as webEngine from '../../src/engine/web.js';
import type * as Library from '../../src/index.js';
import { cut, patterned } from '../support/bytes.js';
import { through } from '../support/streams.js';
import { TestKeyring } from '../support/test-keyring.js';

const engines = { node: nodeEngine, web: webEngine };

/** The whole library once more, on this engine, whichever it is that the project runs on. */
async function libraryOn(name: keyof typeof engines): Promise<typeof Library> {
  vi.resetModules();
  vi.doMock('#engine', () => engines[name]);
  const { primitives } = await import('../../src/keyring/index.js');
  expect(primitives.engineName).toBe(name);
  return await import('../../src/index.js');
}

const node = await libraryOn('node');
const web = await libraryOn('web');
afterAll(() => {
  vi.doUnmock('#engine');
});

const pairs = [
  ['node', node, 'web', web],
  ['web', web, 'node', node],
] as const;
const LENGTHS = [0, 1, 4095, 4096, 4097, 3 * 4096 + 1];

describe.each(pairs)('what the library writes on one engine (%s)', (_one, one, _other, other) => {
  const keyring = new TestKeyring();
  const options = { keyring, segmentSize: 4096, context: { tenant: 'acme' }, externalContext: { row: '7' } };
  const expected = { keyring, context: { tenant: 'acme', row: '7' } };

  it.each(LENGTHS)('opens on the other one: %i bytes', async (length) => {
    const plaintext = patterned(length);
    expect(await other.decrypt(await one.encrypt(plaintext, options), expected)).toEqual(plaintext);
    const streamed = await through(one.encryptStream(options), cut(plaintext, 1000));
    expect(await through(other.decryptStream(expected), cut(streamed, 777))).toEqual(plaintext);
    const detached = await one.encryptDetached(plaintext, options);
    expect(await other.decryptDetached(detached, expected)).toEqual(plaintext);
  });

  it('says the same of a damaged segment', async () => {
    const envelope = await one.encrypt(patterned(5000), options);
    envelope[envelope.length - 1] = (envelope[envelope.length - 1] as number) ^ 1;
    const errors = await Promise.all([one, other].map(async (library) => await library.decrypt(envelope, expected).catch((error: unknown) => error)));
    expect(errors[0]).toMatchObject({ code: 'payload-damaged', details: { segment: 1, kind: 'damaged' } });
    expect((errors[1] as Error).message).toBe((errors[0] as Error).message);
  });
});
