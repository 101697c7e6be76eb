import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decryptDetached, encryptDetached, rewrap, rewrapAll } from '../../src/index.js';
import type { RewrapAllOptions, RewrapReport, StoredHeader } from '../../src/index.js';
import { patterned } from '../support/bytes.js';
import { failure, thrownBy } from '../support/failure.js';
import { Gate, idle, never, until } from '../support/gate.js';
import { watchUnhandledRejections } from '../support/unhandled.js';
import { altered } from './keyrings.js';
import { collectOutcomes, Store } from './store.js';
import { VersionedKeyring } from './versioned-keyring.js';

const unhandled = watchUnhandledRejections();
afterEach(async () => {
  await idle();
  expect(unhandled()).toEqual([]);
});

const plaintext = patterned(50);
const old = new VersionedKeyring('old');
const replacement = new VersionedKeyring('new');
const options: RewrapAllOptions = { keyring: old, wrapWith: replacement, remove: [{ provider: 'versioned', keyId: 'old' }] };

const payloads = new Map<string, Uint8Array>();
const written = new Map<string, Uint8Array>();
for (let i = 0; i < 25; i++) {
  const id = `row-${String(i).padStart(2, '0')}`;
  const { header, payload } = await encryptDetached(plaintext, { keyring: old });
  written.set(id, header);
  payloads.set(id, payload);
}
const ids = [...written.keys()];

let store: Store;
beforeEach(() => {
  store = new Store(written);
});

/** Whether every envelope opens by the new key, or all of some by the old. */
async function openBy(keyring: VersionedKeyring, some: readonly string[] = ids): Promise<void> {
  for (const id of some) {
    const pair = { header: store.headers.get(id) as Uint8Array, payload: payloads.get(id) as Uint8Array };
    expect(await decryptDetached(pair, { keyring }), id).toEqual(plaintext);
  }
}

function reportOf(rewrapped: number, unchanged = 0): RewrapReport {
  return { resumeAfter: ids.at(-1) as string, rewrapped, unchanged, failed: [] };
}

describe('rewrapping all headers of a store', () => {
  it('tells of each in the order of the source, with a report up to it', async () => {
    const outcomes = await collectOutcomes(rewrapAll(store.rows(), options));
    expect(outcomes.map(({ id, status }) => [id, status])).toEqual(ids.map((id) => [id, 'rewrapped']));
    for (const [i, { report, changes }] of outcomes.entries()) {
      expect(report).toEqual({ resumeAfter: ids[i], rewrapped: i + 1, unchanged: 0, failed: [] });
      expect(changes.map(({ change }) => change).sort()).toEqual(['added', 'removed']);
    }
    await openBy(replacement);
  });

  it('returns the last report', async () => {
    const run = rewrapAll(store.rows(), options);
    let step = await run.next();
    while (step.done !== true) step = await run.next();
    expect(step.value).toEqual(reportOf(25));
  });

  it('a second time finds all of them unchanged, and stores nothing', async () => {
    await collectOutcomes(rewrapAll(store.rows(), options));
    const again = await collectOutcomes(rewrapAll(store.rows(), { ...options, keyring: replacement }));
    expect(again.at(-1)?.report).toEqual(reportOf(0, 25));
    expect(store.replacements).toBe(25);
  });

  it('of an empty store is over at once', async () => {
    const run = rewrapAll([], options);
    expect(await run.next()).toEqual({ done: true, value: { rewrapped: 0, unchanged: 0, failed: [] } });
  });

  it.each([1, 2, 7, 256])('works on %i at a time and never on more', async (concurrency) => {
    await collectOutcomes(rewrapAll(store.rows(), { ...options, concurrency }));
    expect(store.busiest).toBe(Math.min(concurrency, 25));
  });

  it('works on eight at a time unless it is told otherwise', async () => {
    await collectOutcomes(rewrapAll(store.rows(), options));
    expect(store.busiest).toBe(8);
  });

  it('keeps the order when the first takes longest', async () => {
    const gate = new Gate();
    store.beforeReplace = async (id) => { if (id === 'row-00') await gate.opened; };
    const run = rewrapAll(store.rows(), { ...options, concurrency: 3 });
    const first = run.next();
    await until(() => store.replacements === 2);
    await idle();
    expect(store.loads).toBe(3);
    gate.open();
    expect((await first).value).toMatchObject({ id: 'row-00' });
    expect((await collectOutcomes(run)).map(({ id }) => id)).toEqual(ids.slice(1));
  });

  it('tells of what has ended while the source is slow', async () => {
    const gate = new Gate();
    const slow = async function* (): AsyncGenerator<StoredHeader> {
      yield store.row('row-00');
      yield store.row('row-01');
      await gate.opened;
      yield store.row('row-02');
    };
    const run = rewrapAll(slow(), options);
    expect((await run.next()).value).toMatchObject({ id: 'row-00' });
    expect((await run.next()).value).toMatchObject({ id: 'row-01' });
    gate.open();
    expect((await run.next()).value).toMatchObject({ id: 'row-02' });
    expect((await run.next()).done).toBe(true);
  });

  it('stores nothing in a dry run, and tells what would change', async () => {
    const outcomes = await collectOutcomes(rewrapAll(store.rows(), { ...options, dryRun: true }));
    expect(outcomes.at(-1)?.report).toEqual(reportOf(25));
    expect(outcomes[3]?.changes).toMatchObject([{ change: 'added', key: { keyId: 'new' }, proven: true }, { change: 'removed' }]);
    expect(store.replacements).toBe(0);
    expect(store.headers).toEqual(written);
  });
});

describe('one that fails', () => {
  it('does not stop the others, and is told with its error', async () => {
    store.headers.set('row-03', patterned(100));
    const foreign = await encryptDetached(plaintext, { keyring: new VersionedKeyring('foreign') });
    store.headers.set('row-11', foreign.header);
    const outcomes = await collectOutcomes(rewrapAll(store.rows(), options));
    expect(outcomes.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual(['row-03', 'row-11']);
    expect(outcomes[3]).toMatchObject({ id: 'row-03', status: 'failed', changes: [], error: { code: 'malformed' } });
    const { report } = outcomes.at(-1) as { report: RewrapReport };
    expect(report).toMatchObject({ resumeAfter: 'row-24', rewrapped: 23, failed: [{ id: 'row-03', code: 'malformed' }, { id: 'row-11', code: 'no-matching-key' }] });
    expect(report.failed[1]?.message).toContain('versioned foreign');
    await openBy(replacement, ids.filter((id) => id !== 'row-03' && id !== 'row-11'));
  });

  it.each<[string, Partial<StoredHeader>]>([
    ['load rejects', { load: async () => await Promise.reject(new Error('database')) }],
    ['load throws', { load: () => { throw new Error('database'); } }],
    ['load gives no bytes', { load: async () => await Promise.resolve('text' as never) }],
    ['replace rejects', { replace: async () => await Promise.reject(new Error('database')) }],
    ['replace throws', { replace: () => { throw new Error('database'); } }],
  ])('because %s', async (_why, broken) => {
    const rows = [store.row('row-00'), { ...store.row('row-01'), ...broken }, store.row('row-02')];
    const outcomes = await collectOutcomes(rewrapAll(rows, options));
    expect(outcomes.map(({ status }) => status)).toEqual(['rewrapped', 'failed', 'rewrapped']);
    if (!_why.includes('bytes')) expect(outcomes[1]?.error).toEqual(new Error('database'));
    expect(outcomes[2]?.report.failed).toHaveLength(1);
    await openBy(old, ['row-01']);
  });

  it('because a rewrap is refused', async () => {
    const outcomes = await collectOutcomes(rewrapAll(store.rows(), { keyring: old, remove: () => true }));
    expect(outcomes.at(-1)?.report.failed.map(({ code }) => code)).toEqual(ids.map(() => 'rewrap-refused'));
    expect(store.headers).toEqual(written);
  });

  it('is a report that can be kept as JSON', async () => {
    store.headers.set('row-03', patterned(100));
    for (const { report } of await collectOutcomes(rewrapAll(store.rows(), options))) {
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    }
  });
});

describe('somebody else who replaces a header meanwhile', () => {
  const other = new VersionedKeyring('other');
  /** Adds a key to a header, as another process would. */
  async function interfere(id: string, keyring = old): Promise<void> {
    const { header } = await rewrap(store.headers.get(id) as Uint8Array, { keyring, wrapWith: other, refresh: true });
    store.headers.set(id, header);
  }

  it('is never overwritten: the header is loaded again', async () => {
    const interfered = new Set<string>();
    store.beforeReplace = async (id) => {
      if (Number(id.slice(4)) % 2 === 0 && !interfered.has(id)) {
        interfered.add(id);
        await interfere(id);
      }
    };
    const outcomes = await collectOutcomes(rewrapAll(store.rows(), options));
    expect(outcomes.map(({ status }) => status)).toEqual(ids.map(() => 'rewrapped'));
    await openBy(replacement);
    await openBy(other, [...interfered]);
    expect([store.revision('row-00'), store.revision('row-01')]).toEqual([2, 1]);
    expect(interfered.size).toBe(13);
  });

  it('again and again fails this header, which is what the other one made it', async () => {
    let last: Uint8Array | undefined;
    store.beforeReplace = async (id) => {
      if (id !== 'row-02') return;
      await interfere(id);
      last = store.headers.get(id);
    };
    const outcomes = await collectOutcomes(rewrapAll(store.rows(), options));
    expect(outcomes.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual(['row-02']);
    expect(outcomes[2]?.report.failed[0]?.message).toContain('again and again');
    expect(store.headers.get('row-02')).toBe(last);
  });

  it('and does the same finds it unchanged', async () => {
    store.beforeReplace = async (id) => {
      if (id !== 'row-02' || store.revision(id) > 0) return;
      const { header } = await rewrap(store.headers.get(id) as Uint8Array, options);
      store.headers.set(id, header);
    };
    const keyring = altered(replacement, { unwrap: async (request, real) => (await real(request)) ?? (await old.unwrap(request)) });
    const outcomes = await collectOutcomes(rewrapAll(store.rows(), { ...options, keyring }));
    expect(outcomes[2]?.status).toBe('unchanged');
    expect(store.revision('row-02')).toBe(1);
  });
});

describe('a run that ended early', () => {
  it.each([1, 3, 8, 40])('can be resumed from any report, %i at a time: each header is counted once and opens', async (concurrency) => {
    for (let stopAfter = 0; stopAfter <= ids.length; stopAfter++) {
      store = new Store(written);
      let kept: string | undefined;
      let told = 0;
      for await (const { report } of rewrapAll(store.rows(), { ...options, concurrency })) {
        kept = JSON.stringify(report);
        if (++told > stopAfter) break;
      }
      const resume = kept === undefined ? {} : { resume: JSON.parse(kept) as RewrapReport };
      const keyring = altered(replacement, { unwrap: async (request, real) => (await real(request)) ?? (await old.unwrap(request)) });
      const rest = await collectOutcomes(rewrapAll(store.rows(), { ...options, ...resume, keyring, concurrency }));
      expect(rest.map(({ id }) => id)).toEqual(ids.slice(told));
      const report = rest.at(-1)?.report ?? resume.resume;
      expect(report).toMatchObject({ resumeAfter: 'row-24', failed: [] });
      expect((report?.rewrapped ?? 0) + (report?.unchanged ?? 0)).toBe(25);
      expect(store.replacements).toBe(25);
      await openBy(replacement, ids.slice(0, 3));
    }
  });

  it('tries again what failed, in its place, and counts it once', async () => {
    const broken = new Set(['row-03', 'row-11', 'row-24']);
    for (const id of broken) store.headers.set(id, patterned(100));
    const first = (await collectOutcomes(rewrapAll(store.rows(), options))).at(-1)?.report as RewrapReport;
    expect(first.failed.map(({ id }) => id)).toEqual([...broken]);
    store.headers.set('row-03', written.get('row-03') as Uint8Array);
    store.headers.set('row-24', written.get('row-24') as Uint8Array);
    const second = await collectOutcomes(rewrapAll(store.rows(), { ...options, resume: first }));
    expect(second.map(({ id, status }) => [id, status])).toEqual([['row-03', 'rewrapped'], ['row-11', 'failed'], ['row-24', 'rewrapped']]);
    const { report } = second.at(-1) as { report: RewrapReport };
    expect(report).toMatchObject({ resumeAfter: 'row-24', rewrapped: 24, unchanged: 0, failed: [{ id: 'row-11' }] });
    store.headers.set('row-11', written.get('row-11') as Uint8Array);
    const third = await collectOutcomes(rewrapAll(store.rows(), { ...options, resume: report }));
    expect(third.at(-1)?.report).toEqual(reportOf(25));
  });

  it('and failed in the middle is resumed in the middle', async () => {
    store.headers.set('row-03', patterned(100));
    let kept: RewrapReport | undefined;
    for await (const { id, report } of rewrapAll(store.rows(), options)) {
      kept = report;
      if (id === 'row-09') break;
    }
    expect(kept).toMatchObject({ resumeAfter: 'row-09', rewrapped: 9 });
    const keyring = altered(replacement, { unwrap: async (request, real) => (await real(request)) ?? (await old.unwrap(request)) });
    const rest = await collectOutcomes(rewrapAll(store.rows(), { ...options, keyring, resume: kept as RewrapReport }));
    expect(rest.map(({ id }) => id)).toEqual(['row-03', ...ids.slice(10)]);
    // The one that fails again does not move the place from which a third run would go on.
    expect(rest[0]?.report.resumeAfter).toBe('row-09');
  });

  it('is refused when the place where it ended is not in the source', async () => {
    const resume = { resumeAfter: 'row-99', rewrapped: 5, unchanged: 0, failed: [] };
    const error = await failure(collectOutcomes(rewrapAll(store.rows(), { ...options, resume })), 'invalid-argument');
    expect(error.details).toEqual({ argument: 'options.resume' });
    expect(store.loads).toBe(0);
  });
});

describe('leaving', () => {
  it('waits for what is being stored, starts nothing more, and tells the source', async () => {
    const gate = new Gate();
    let closed = false;
    const rows = async function* (): AsyncGenerator<StoredHeader> {
      try {
        await Promise.resolve();
        yield* store.rows();
      } finally {
        await idle();
        closed = true;
      }
    };
    store.beforeReplace = async (id) => { if (id !== 'row-00') await gate.opened; };
    let left = false;
    const leaving = (async () => {
      for await (const _outcome of rewrapAll(rows(), { ...options, concurrency: 4 })) break;
      left = true;
    })();
    await until(() => store.replacements === 1);
    await idle();
    expect(left).toBe(false);
    gate.open();
    await leaving;
    expect(closed).toBe(true);
    const { loads, replacements } = store;
    expect(loads).toBeLessThanOrEqual(5);
    await idle();
    expect([store.loads, store.replacements]).toEqual([loads, replacements]);
  });

  it('does not wait for a source or a load that hangs', async () => {
    const hanging = async function* (): AsyncGenerator<StoredHeader> {
      yield store.row('row-00');
      yield { ...store.row('row-01'), load: never };
      await never();
    };
    for await (const { id } of rewrapAll(hanging(), options)) {
      expect(id).toBe('row-00');
      break;
    }
  });
});

describe('a signal', () => {
  it('that has fired before: nothing is loaded', async () => {
    await failure(collectOutcomes(rewrapAll(store.rows(), { ...options, signal: AbortSignal.abort() })), 'aborted');
    expect(store.loads).toBe(0);
  });

  it.each<[string, (hang: () => Promise<never>) => { rows?: () => AsyncIterable<StoredHeader>; keyring?: RewrapAllOptions['keyring'] }]>([
    ['the source', (hang) => ({ rows: async function* () { yield store.row('row-00'); yield await hang(); } })],
    ['a load', (hang) => ({ rows: async function* () { await Promise.resolve(); yield { ...store.row('row-00'), load: hang }; } })],
    ['a keyring', (hang) => ({ keyring: altered(old, { unwrap: hang }) })],
  ])('ends it while %s hangs', async (_what, make) => {
    const controller = new AbortController();
    let hangs = 0;
    const { rows = () => store.rows(), ...changed } = make(async () => { hangs++; return await never(); });
    const run = rewrapAll(rows() as AsyncIterable<StoredHeader>, { ...options, ...changed, signal: controller.signal });
    const running = collectOutcomes(run);
    await until(() => hangs > 0);
    controller.abort('enough');
    expect((await failure(running, 'aborted')).cause).toBe('enough');
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('reaches the store, whose replacements are waited for', async () => {
    const controller = new AbortController();
    const gate = new Gate();
    const signals: AbortSignal[] = [];
    const rows = ids.map((id) => ({
      ...store.row(id),
      replace: async (expected: Uint8Array, next: Uint8Array, signal: AbortSignal) => {
        signals.push(signal);
        await gate.opened;
        return await store.row(id).replace(expected, next, signal);
      },
    }));
    let ended = false;
    const running = thrownBy(collectOutcomes(rewrapAll(rows, { ...options, concurrency: 3, signal: controller.signal }))).finally(() => { ended = true; });
    await until(() => signals.length === 3);
    controller.abort();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
    await idle();
    expect(ended).toBe(false);
    gate.open();
    expect(await running).toMatchObject({ code: 'aborted' });
    expect(store.replacements).toBe(3);
    await openBy(replacement, ids.slice(0, 3));
  });
});

describe('a source', () => {
  it('that fails ends the run with its own error', async () => {
    const rows = async function* (): AsyncGenerator<StoredHeader> {
      yield store.row('row-00');
      await Promise.resolve();
      throw new Error('database');
    };
    expect(await thrownBy(collectOutcomes(rewrapAll(rows(), options)))).toEqual(new Error('database'));
  });
});

describe('an argument that is wrong is refused before anything is loaded', () => {
  it.each<[string, unknown]>([
    ['headers', undefined],
    ['headers', 7],
    ['options.concurrency', { concurrency: 0 }],
    ['options.concurrency', { concurrency: 257 }],
    ['options.concurrency', { concurrency: 1.5 }],
    ['options.dryRun', { dryRun: 'true' }],
    ['options.resume', { resume: 'row-05' }],
    ['options.resume', { resume: {} }],
    ['options.resume', { resume: { resumeAfter: 5, rewrapped: 0, unchanged: 0, failed: [] } }],
    ['options.resume', { resume: { rewrapped: -1, unchanged: 0, failed: [] } }],
    ['options.resume', { resume: { rewrapped: 0, unchanged: 0, failed: ['row-05'] } }],
    ['options.resume', { resume: { rewrapped: 0, unchanged: 0, failed: [null] } }],
    ['options.remove', { remove: 'all' }],
    ['options.keyring', { keyring: undefined }],
  ])('%s: %j', async (argument, given) => {
    const headers = argument === 'headers' ? (given as never) : store.rows();
    const changed = argument === 'headers' ? {} : (given as object);
    const error = await failure(collectOutcomes(rewrapAll(headers, { ...options, ...changed })), 'invalid-argument');
    expect(error.details).toEqual({ argument });
    expect(store.loads).toBe(0);
  });
});
