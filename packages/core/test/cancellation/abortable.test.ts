import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { abortable, throwIfAborted } from '../../src/keyring/index.js';
import { onAbort } from '../../src/cancellation/on-abort.js';
import { failure, thrownBy } from '../support/failure.js';
import { Gate, idle, never } from '../support/gate.js';
import { watchUnhandledRejections } from '../support/unhandled.js';

const unhandled = watchUnhandledRejections();
const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('abortable', () => {
  it('gives the result, or the error, when the signal does not fire', async () => {
    const { signal } = new AbortController();
    const error = new Error('its own');
    expect(await abortable(Promise.resolve(7), signal)).toBe(7);
    expect(await abortable(Promise.resolve(7), undefined)).toBe(7);
    expect(await thrownBy(abortable(Promise.reject(error), signal))).toBe(error);
    expect(await thrownBy(abortable(Promise.reject(error), undefined))).toBe(error);
    expect(listenersOf(signal)).toBe(0);
  });

  it('gives aborted at once when the signal fires, with its reason as cause', async () => {
    const controller = new AbortController();
    const waiting = abortable(never(), controller.signal);
    expect(listenersOf(controller.signal)).toBe(1);
    controller.abort('reason');
    expect((await failure(waiting, 'aborted')).cause).toBe('reason');
    expect(listenersOf(controller.signal)).toBe(0);
  });

  it('gives aborted when the signal has fired already, whatever the promise does', async () => {
    for (const promise of [never(), Promise.resolve(7), Promise.reject(new Error('its own'))]) {
      await failure(abortable(promise, AbortSignal.abort()), 'aborted');
    }
    await idle();
    expect(unhandled()).toEqual([]);
  });

  it('hands a late result to discard, and drops a late error and an error of discard', async () => {
    const late = new Gate<string>();
    const controller = new AbortController();
    const discarded: string[] = [];
    const kept = abortable(late.opened, controller.signal, (result) => discarded.push(result));
    const careless = abortable(late.opened, controller.signal, () => {
      throw new Error('discard has a bug');
    });
    const failed = new Gate<string>();
    const failing = abortable(failed.opened, controller.signal, (result) => discarded.push(result));
    controller.abort();
    for (const each of [kept, careless, failing]) await failure(each, 'aborted');
    expect(discarded).toEqual([]);
    late.open('key material');
    failed.fail(new Error('late'));
    await idle();
    expect(discarded).toEqual(['key material']);
    expect(unhandled()).toEqual([]);
  });

  it('either gives a result or discards it, never both, in whatever moment the signal fires', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const controller = new AbortController();
      const result = { wiped: false };
      const promise = Promise.resolve().then(() => result);
      const given = abortable(promise, controller.signal, (late) => {
        late.wiped = true;
      }).then(
        (value) => value.wiped,
        () => undefined,
      );
      for (let i = 0; i < turns; i++) await Promise.resolve();
      controller.abort();
      const wipedWhenGiven = await given;
      await idle();
      expect(wipedWhenGiven ?? false, `after ${turns} turns`).toBe(false);
      expect(result.wiped, `after ${turns} turns`).toBe(wipedWhenGiven === undefined);
    }
  });

  it('waits for what is no promise, too', async () => {
    const { signal } = new AbortController();
    expect(await abortable(7 as unknown as Promise<number>, signal)).toBe(7);
  });
});

describe('throwIfAborted', () => {
  it('throws once the signal has fired', async () => {
    const controller = new AbortController();
    throwIfAborted(controller.signal);
    throwIfAborted(undefined);
    controller.abort('reason');
    const error = await failure(() => { throwIfAborted(controller.signal); }, 'aborted');
    expect(error.cause).toBe('reason');
  });
});

describe('onAbort', () => {
  it('has one listener for all who wait, and none once nobody does', () => {
    const { signal } = new AbortController();
    const stops = Array.from({ length: 20 }, () => onAbort(signal, () => undefined));
    expect(listenersOf(signal)).toBe(1);
    for (const stop of stops) stop();
    expect(listenersOf(signal)).toBe(0);
  });

  it('calls each who still waits, once', () => {
    const controller = new AbortController();
    const calls: string[] = [];
    const wait = (name: string): (() => void) => onAbort(controller.signal, () => calls.push(name));
    wait('a');
    wait('b')();
    wait('c');
    controller.abort();
    expect(calls).toEqual(['a', 'c']);
  });

  it('may be taken back twice, without taking back what others asked for since', () => {
    const controller = new AbortController();
    const stop = onAbort(controller.signal, () => undefined);
    stop();
    let called = 0;
    const stopOther = onAbort(controller.signal, () => called++);
    stop();
    const stopThird = onAbort(controller.signal, () => called++);
    expect(listenersOf(controller.signal)).toBe(1);
    stopOther();
    controller.abort();
    expect(called).toBe(1);
    stopThird();
    expect(listenersOf(controller.signal)).toBe(0);
  });
});
