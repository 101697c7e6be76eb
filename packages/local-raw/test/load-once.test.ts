import { describe, expect, it } from 'vitest';
import { loadOnce } from '../src/load-once.js';

describe('loadOnce', () => {
  it('loads once for callers at the same time and later', async () => {
    let loads = 0;
    const load = loadOnce(async () => await Promise.resolve(++loads));
    expect(await Promise.all([load(), load()])).toEqual([1, 1]);
    expect(await load()).toBe(1);
  });

  it('does not load before it is asked to', () => {
    let loads = 0;
    loadOnce(async () => await Promise.resolve(++loads));
    expect(loads).toBe(0);
  });

  it('fails everyone who waits, then tries again', async () => {
    let loads = 0;
    const load = loadOnce(async () => {
      loads += 1;
      await Promise.resolve();
      if (loads === 1) throw new Error('not yet');
      return loads;
    });
    const first = await Promise.allSettled([load(), load()]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(loads).toBe(1);
    expect(await load()).toBe(2);
    expect(await load()).toBe(2);
  });
});
