import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Cancellation } from '../../src/cancellation/cancellation.js';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

describe('a cancellation', () => {
  it("fires with the caller's signal, and for its reason", () => {
    const caller = new AbortController();
    const cancellation = new Cancellation(caller.signal);
    const { signal } = cancellation;
    expect(signal.aborted).toBe(false);
    caller.abort('enough');
    expect(signal).toMatchObject({ aborted: true, reason: 'enough' });
    cancellation.end();
    expect(signal.reason).toBe('enough');
    expect(listenersOf(caller.signal)).toBe(0);
  });

  it('has fired when the caller’s signal has', () => {
    expect(new Cancellation(AbortSignal.abort('before')).signal).toMatchObject({ aborted: true, reason: 'before' });
  });

  it('fires when it is ended, and lets go of the caller’s signal', () => {
    const caller = new AbortController();
    const cancellation = new Cancellation(caller.signal);
    expect(listenersOf(caller.signal)).toBe(1);
    cancellation.end();
    expect(cancellation.signal.reason).toMatchObject({ code: 'aborted' });
    expect(listenersOf(caller.signal)).toBe(0);
    caller.abort();
    cancellation.end();
    expect(cancellation.signal.reason).toMatchObject({ code: 'aborted' });
  });
});
