/** What keyrings make their calls with: a deadline, more attempts, one call for all who ask. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeadlineExceeded, singleFlight, withDeadline, withRetries } from '../../src/keyring/index.js';

const never = async (): Promise<never> => await new Promise<never>(() => undefined);
let caller: AbortController;
beforeEach(() => {
  vi.useFakeTimers();
  caller = new AbortController();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a deadline', () => {
  it('ends what does not answer, and tells it so by its signal', async () => {
    let seen: AbortSignal | undefined;
    const outcome = expect(
      withDeadline(async (signal) => {
        seen = signal;
        return await never();
      }, 1_000, caller.signal),
    ).rejects.toBeInstanceOf(DeadlineExceeded);
    await vi.advanceTimersByTimeAsync(999);
    expect(seen?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen?.aborted).toBe(true);
    await outcome;
  });

  it('gives an answer that comes too late to be wiped', async () => {
    const late: string[] = [];
    let answer: ((text: string) => void) | undefined;
    const run = async (): Promise<string> => await new Promise<string>((resolve) => { answer = resolve; });
    const outcome = expect(withDeadline(run, 10, caller.signal, (text) => late.push(text))).rejects.toBeInstanceOf(DeadlineExceeded);
    await vi.advanceTimersByTimeAsync(10);
    await outcome;
    answer?.('a key');
    await vi.advanceTimersByTimeAsync(0);
    expect(late).toEqual(['a key']);
  });

  it('is not what an abort of the caller is told as', async () => {
    const outcome = expect(withDeadline(never, 1_000, caller.signal)).rejects.toMatchObject({ code: 'aborted' });
    caller.abort();
    await outcome;
  });
});

describe('retries', () => {
  it('go on while a failure may pass, and wait longer each time', async () => {
    const waits: number[] = [];
    let before = performance.now();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const outcome = withRetries(async () => {
      waits.push(performance.now() - before);
      before = performance.now();
      return waits.length === 4 ? 'answer' : await Promise.reject(new Error('busy'));
    }, 5, () => true, caller.signal);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await outcome).toBe('answer');
    expect(waits).toEqual([0, 100, 200, 400]);
    vi.restoreAllMocks();
  });

  it.each([
    ['that may not pass', false, 5, 1],
    ['when there are no more attempts', true, 3, 3],
  ])('end with a failure %s', async (_, mayPass, attempts, expected) => {
    let runs = 0;
    const run = async (): Promise<never> => {
      runs++;
      return await Promise.reject(new Error(`failure ${runs}`));
    };
    const outcome = expect(withRetries(run, attempts, () => mayPass, caller.signal)).rejects.toThrow(`failure ${expected}`);
    await vi.advanceTimersByTimeAsync(10_000);
    await outcome;
    expect(runs).toBe(expected);
  });

  it('end at once when the caller gives up', async () => {
    const outcome = expect(
      withRetries(async () => await Promise.reject(new Error('busy')), 5, () => true, caller.signal),
    ).rejects.toMatchObject({ code: 'aborted' });
    await vi.advanceTimersByTimeAsync(0);
    caller.abort();
    await outcome;
  });
});

describe('a single flight', () => {
  it('is one call for all who ask meanwhile, and another one afterwards', async () => {
    let calls = 0;
    const answer = singleFlight(async () => await Promise.resolve(++calls));
    expect(await Promise.all([answer(caller.signal), answer(caller.signal)])).toEqual([1, 1]);
    expect(await answer(caller.signal)).toBe(2);
  });

  it('goes on while somebody waits, and ends when nobody does', async () => {
    let seen: AbortSignal | undefined;
    const answer = singleFlight(async (signal) => {
      seen = signal;
      return await never();
    });
    const other = new AbortController();
    const both = [caller, other].map(async ({ signal }) => { await expect(answer(signal)).rejects.toMatchObject({ code: 'aborted' }); });
    caller.abort();
    await both[0];
    expect(seen?.aborted).toBe(false);
    other.abort();
    await both[1];
    expect(seen?.aborted).toBe(true);
  });
});
