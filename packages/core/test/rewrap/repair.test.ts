import { describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached, inspect, multiKeyring, repair, repairAll } from '../../src/index.js';
import type { Keyring, RewrapOutcome } from '../../src/index.js';
import { keyringError } from '../../src/keyring/keyring-error.js';
import { patterned } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { TestKeyring } from '../support/test-keyring.js';
import { altered, unreachable } from './keyrings.js';
import { Store } from './store.js';

const plaintext = patterned(100);
const context = { tenant: 'acme' };

/** An envelope that was written while `down` could not be reached. */
async function degraded(up: readonly Keyring[], down: readonly Keyring[]): Promise<{ readonly header: Uint8Array; readonly payload: Uint8Array }> {
  const members = [...up, ...down.map(unreachable)];
  return await encryptDetached(plaintext, { keyring: multiKeyring({ members, write: { minimum: up.length, patience: 1000 } }), context });
}

function pendingIn(header: Uint8Array): readonly string[] {
  return inspect(header).wrappedKeys.filter((key) => key.pending).map(({ keyId }) => keyId);
}

/** A keyring whose wrapped keys name another key id than the one that it was configured with. */
function aliased(alias: string, target: TestKeyring): Keyring {
  return { ...altered(target, {}), keks: [{ provider: target.provider, keyId: alias }] };
}

const keys = (): [TestKeyring, TestKeyring, TestKeyring] => [new TestKeyring({ name: 'a' }), new TestKeyring({ name: 'b' }), new TestKeyring({ name: 'c' })];

describe('repair', () => {
  it('fills in what was pending, with which alone the envelope then opens', async () => {
    const [a, b] = keys();
    const { header, payload } = await degraded([a], [b]);
    const { header: repaired, changed, revision, changes, attempts } = await repair(header, { keyring: a, members: [a, b], context });
    expect({ changed, revision, attempts }).toEqual({ changed: true, revision: 1, attempts: [] });
    expect(changes.map(({ change, key, proven }) => [change, key.keyId, proven])).toEqual([['repaired', 'b', true], ['kept', 'a', true]]);
    expect(pendingIn(repaired)).toEqual([]);
    expect(await decryptDetached({ header: repaired, payload }, { keyring: b, context })).toEqual(plaintext);
  });

  it('makes no call where nothing is pending, or nothing that a member has', async () => {
    const [a, b, c] = keys();
    const whole = await degraded([a, b], []);
    const waiting = await degraded([a], [b]);
    const before = a.operations.length;
    expect(await repair(whole.header, { keyring: a, members: [a, b], context })).toMatchObject({ changed: false, header: whole.header });
    expect(await repair(waiting.header, { keyring: a, members: [a, c], context })).toMatchObject({
      changed: false,
      changes: [{ change: 'kept' }, { change: 'still-pending', key: { keyId: 'b' } }],
      attempts: [],
    });
    expect([a.operations.length, b.operations.length, c.operations.length]).toEqual([before, 1, 0]);
  });

  it('leaves pending what is still out of reach, tells why, and fills in the others', async () => {
    const [a, b, c] = keys();
    const { header } = await degraded([a], [b, c]);
    const { header: repaired, changes, attempts } = await repair(header, { keyring: a, members: [b, unreachable(c)], context });
    expect(pendingIn(repaired)).toEqual(['c']);
    expect(changes.map(({ change, key }) => `${change} ${key.keyId}`).sort()).toEqual(['kept a', 'repaired b', 'still-pending c']);
    expect(attempts).toMatchObject([{ keyring: 'c', outcome: 'failed', reason: 'unknown' }]);
  });

  it('fails when none could be reached, with every attempt', async () => {
    const [a, b, c] = keys();
    const { header } = await degraded([a], [b, c]);
    const down = (keyring: Keyring): Keyring => altered(keyring, {
      wrap: async () => await Promise.reject(keyringError({ provider: 'test', keyring: keyring.name, keyId: keyring.name, operation: 'wrap', reason: 'unavailable', retryable: true, remedy: 'Wait.' }, 'it is down.')),
    });
    const error = await failure(repair(header, { keyring: a, members: [down(b), down(c)], context }), 'wrap-failed');
    expect(error).toMatchObject({ code: 'wrap-failed', details: { attempts: [{ keyId: 'b', retryable: true }, { keyId: 'c', retryable: true }] } });
  });

  it('the pending one goes also where it was an alias and the repaired one has its real name', async () => {
    const [a, b] = keys();
    const alias = aliased('alias/b', b);
    const { header } = await degraded([a], [alias]);
    expect(pendingIn(header)).toEqual(['alias/b']);
    const { header: repaired } = await repair(header, { keyring: a, members: [alias], context });
    expect(inspect(repaired).wrappedKeys.map(({ keyId, pending }) => [keyId, pending])).toEqual([['a', false], ['b', false]]);
  });

  it('an alias that leads to a key which is there already is mended by it, which is kept', async () => {
    const [a, b] = keys();
    const alias = aliased('alias/b', b);
    const { header } = await degraded([a, b], [alias]);
    const { header: repaired, changes } = await repair(header, { keyring: a, members: [alias], context });
    expect(inspect(repaired).wrappedKeys.map(({ keyId }) => keyId)).toEqual(['a', 'b']);
    expect(changes.map(({ change, key }) => `${change} ${key.keyId}`).sort()).toEqual(['kept a', 'kept b', 'repaired alias/b']);
  });

  it('of a member with several keys, takes what is of the pending one alone', async () => {
    const [a, b, c] = keys();
    const { header } = await degraded([a], [b]);
    const { header: repaired } = await repair(header, { keyring: a, members: [multiKeyring({ members: [a, b, c] })], context });
    expect(inspect(repaired).wrappedKeys.map(({ keyId }) => keyId)).toEqual(['a', 'b']);
    // The one that was there is the very same.
    expect(Buffer.from(repaired).includes(ciphertextOf(header, 'a'))).toBe(true);
  });

  it('refuses a member of which it cannot be told which key is which', async () => {
    const [a, b, c] = keys();
    const alias = aliased('alias/b', b);
    const { header } = await degraded([a], [alias]);
    const error = await failure(repair(header, { keyring: a, members: [multiKeyring({ members: [alias, aliased('alias/c', c)] })], context }), 'wrap-failed');
    expect(error).toMatchObject({ code: 'wrap-failed', details: { attempts: [{ reason: 'misconfigured', remedy: 'Repair with a keyring for each of its keys.' }] } });
  });

  it('a member that wraps wrongly changes nothing', async () => {
    const [a, b] = keys();
    const { header } = await degraded([a], [b]);
    const wrong = altered(b, { wrap: async (request, real) => await real({ ...request, keyMaterial: new Uint8Array(32) }) });
    await expect(repair(header, { keyring: a, members: [wrong], context })).rejects.toMatchObject({ code: 'unwrap-failed' });
  });

  it('needs the context, a keyring that opens, and members', async () => {
    const [a, b, c] = keys();
    const { header } = await degraded([a], [b]);
    await expect(repair(header, { keyring: a, members: [b] })).rejects.toMatchObject({ code: 'context-required' });
    await expect(repair(header, { keyring: c, members: [b], context })).rejects.toMatchObject({ code: 'no-matching-key' });
    await expect(repair(header, { keyring: a, members: [], context })).rejects.toMatchObject({ code: 'invalid-argument', details: { argument: 'options.members' } });
    await expect(repair(header, { keyring: a, members: [b], context, minimumRevision: 1 })).rejects.toMatchObject({ code: 'rewrap-refused', details: { rule: 'revision' } });
  });

  it('an abort ends it', async () => {
    const [a, b] = keys();
    const { header } = await degraded([a], [b]);
    const abort = new AbortController();
    const silent = altered(b, {
      wrap: async () => {
        abort.abort();
        return await new Promise(() => undefined);
      },
    });
    await expect(repair(header, { keyring: a, members: [silent], context, signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' });
  });
});

/** The ciphertext of a wrapped key, which is alone of its length behind the key's algorithm. */
function ciphertextOf(header: Uint8Array, keyId: string): Buffer {
  const bytes = Buffer.from(header);
  const info = inspect(header).wrappedKeys.find((key) => key.keyId === keyId);
  const at = bytes.indexOf(`${keyId}\0`) + keyId.length + 1;
  const algorithm = bytes.indexOf(info?.algorithm ?? '', at) + (info?.algorithm.length ?? 0);
  return bytes.subarray(algorithm + 2, algorithm + 2 + (info?.ciphertextLength ?? 0));
}

describe('repairAll', () => {
  it('repairs what is pending in a store, and is told of the rest', async () => {
    const [a, b] = keys();
    const store = new Store(new Map([
      ['1', (await degraded([a], [b])).header],
      ['2', (await degraded([a, b], [])).header],
      ['3', new Uint8Array(5)],
    ]));
    const outcomes: RewrapOutcome[] = [];
    for await (const outcome of repairAll(store.rows(), { keyring: a, members: [b], context })) outcomes.push(outcome);
    expect(outcomes.map(({ id, status }) => [id, status])).toEqual([['1', 'rewrapped'], ['2', 'unchanged'], ['3', 'failed']]);
    expect(pendingIn(store.headers.get('1') ?? new Uint8Array(0))).toEqual([]);
    expect(store.replacements).toBe(1);
  });

  it('two at once on one header lose none of the keys that either has filled in', async () => {
    const [a, b, c] = keys();
    const { header, payload } = await degraded([a], [b, c]);
    const store = new Store(new Map([['1', header]]));
    const run = async (member: Keyring): Promise<void> => {
      for await (const { status } of repairAll(store.rows(), { keyring: a, members: [member], context })) expect(status).toBe('rewrapped');
    };
    await Promise.all([run(b), run(c)]);
    const now = store.headers.get('1') ?? new Uint8Array(0);
    expect(pendingIn(now)).toEqual([]);
    for (const keyring of [a, b, c]) expect(await decryptDetached({ header: now, payload }, { keyring, context })).toEqual(plaintext);
  });
});
