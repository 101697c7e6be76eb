import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  decrypt,
  decryptDetached,
  decryptStream,
  encrypt,
  encryptDetached,
  encryptDetachedStream,
  encryptStream,
} from '../../src/index.js';
import { patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { Gate, idle, never, until } from '../support/gate.js';
import { TestKeyring } from '../support/test-keyring.js';
import type { TestKeyringOptions } from '../support/test-keyring.js';
import { watchUnhandledRejections } from '../support/unhandled.js';

const unhandled = watchUnhandledRejections();
const plaintext = patterned(3 * 4096);
const writer = new TestKeyring();
const envelope = await encrypt(plaintext, { keyring: writer, segmentSize: 4096 });
const detached = await encryptDetached(plaintext, { keyring: writer, segmentSize: 4096 });

type Run = (keyring: TestKeyring, signal: AbortSignal) => Promise<unknown>;

const encrypting: readonly (readonly [string, Run])[] = [
  ['encrypt', async (keyring, signal) => await encrypt(plaintext, { keyring, signal, segmentSize: 4096 })],
  ['encryptDetached', async (keyring, signal) => await encryptDetached(plaintext, { keyring, signal, segmentSize: 4096 })],
  ['encryptDetachedStream', async (keyring, signal) => await encryptDetachedStream({ keyring, signal, segmentSize: 4096 })],
];
const decrypting: readonly (readonly [string, Run])[] = [
  ['decrypt', async (keyring, signal) => await decrypt(envelope, { keyring, signal })],
  ['decryptDetached', async (keyring, signal) => await decryptDetached(detached, { keyring, signal })],
];
const both = [
  ...encrypting.map(([name, run]) => [name, run, 'wrap'] as const),
  ...decrypting.map(([name, run]) => [name, run, 'unwrap'] as const),
];

/** A keyring that never answers, or only when told. */
const hanging: TestKeyringOptions = { wrap: never, unwrap: never };

let controller: AbortController;
beforeEach(() => {
  controller = new AbortController();
});
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

describe.each(both)('%s', (_name, run, operation) => {
  it('does nothing when the signal has fired before', async () => {
    const keyring = new TestKeyring();
    const reason = new Error('too late');
    controller.abort(reason);
    const error = await failure(run(keyring, controller.signal), 'aborted');
    expect(error.cause).toBe(reason);
    expect(error.name).toBe('AbortError');
    expect(keyring.operations).toEqual([]);
  });

  it('ends at once when the signal fires while the keyring hangs, and passes the signal on', async () => {
    const keyring = new TestKeyring(hanging);
    const running = run(keyring, controller.signal);
    await until(() => keyring.operations.length === 1);
    expect(keyring.operations).toEqual([operation]);
    expect(keyring.calls[0]?.request.signal.aborted).toBe(false);
    controller.abort();
    expect(keyring.calls[0]?.request.signal.aborted).toBe(true);
    await failure(running, 'aborted');
  });

  it('ends at once when the signal fires inside the keyring', async () => {
    const keyring = new TestKeyring({
      wrap: async () => {
        controller.abort();
        return await never();
      },
      unwrap: async () => {
        controller.abort();
        return await never();
      },
    });
    await failure(run(keyring, controller.signal), 'aborted');
  });

  it('says aborted, whatever the keyring makes of it', async () => {
    const fail = async (): Promise<never> => {
      controller.abort();
      return await Promise.reject(new Error('socket hang up'));
    };
    await failure(run(new TestKeyring({ wrap: fail, unwrap: fail }), controller.signal), 'aborted');
  });

  it('lets no late error of the keyring escape', async () => {
    const late = new Gate<never>();
    const keyring = new TestKeyring({ wrap: async () => await late.opened, unwrap: async () => await late.opened });
    const running = run(keyring, controller.signal);
    await until(() => keyring.operations.length === 1);
    controller.abort();
    await failure(running, 'aborted');
    late.fail(new Error('too late'));
  });

  it.each([undefined, null, 'late', {}, { keyMaterial: 'x' }, { wrappedKeys: [] }])(
    'lets no late answer of the keyring do harm: %j',
    async (answer) => {
      const late = new Gate<never>();
      const respond = async (): Promise<never> => await late.opened;
      const keyring = new TestKeyring({ wrap: respond, unwrap: respond, ...(operation === 'wrap' ? { generate: respond } : {}) });
      const running = run(keyring, controller.signal);
      await until(() => keyring.operations.length === 1);
      controller.abort();
      await failure(running, 'aborted');
      late.open(answer as never);
    },
  );

  it('leaves the signal alone when it was not needed', async () => {
    await run(operation === 'wrap' ? new TestKeyring() : writer, controller.signal);
    await idle();
    expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(_name === 'encryptDetachedStream' ? 1 : 0);
    controller.abort();
  });
});

describe('a signal that fires in the very moment in which the keyring answers', () => {
  it('never makes a message of a data key that was wiped already', async () => {
    // The number of turns that lie between answer and use is the code's own affair: all of them are tried.
    for (let turns = 0; turns < 40; turns++) {
      const late = new AbortController();
      const keyring = new TestKeyring({
        generate: async (request, real) => {
          const result = await real(request);
          void (async () => {
            for (let i = 0; i < turns; i++) await Promise.resolve();
            late.abort();
          })();
          return result;
        },
      });
      let sealed: { readonly header: Uint8Array; readonly payload: unknown };
      try {
        sealed = await encryptDetachedStream({ keyring, signal: late.signal });
      } catch (error) {
        expect(error).toMatchObject({ code: 'aborted' });
        continue;
      }
      // It was not aborted in time: then the header must be one that the keyring opens.
      const empty = await failure(decrypt(sealed.header, { keyring }), 'truncated');
      expect(empty.details.part).toBe('payload');
    }
  });
});

describe('many calls under one signal', () => {
  it('leave nothing on it', async () => {
    const keyring = new TestKeyring();
    const calls = Array.from({ length: 30 }, async () => {
      const sealed = await encrypt(plaintext, { keyring, signal: controller.signal });
      return await decrypt(sealed, { keyring, signal: controller.signal });
    });
    expect(await Promise.all(calls)).toHaveLength(30);
  });
});

describe('streams that are made and not used', () => {
  it('leave no more than one listener on the signal, and none once it fired', () => {
    const keyring = new TestKeyring();
    for (let i = 0; i < 5; i++) {
      encryptStream({ keyring, signal: controller.signal });
      decryptStream({ keyring, signal: controller.signal });
    }
    expect(getEventListeners(controller.signal, 'abort').length).toBeLessThanOrEqual(1);
    controller.abort();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});
