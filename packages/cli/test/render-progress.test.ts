import { describe, expect, test } from 'vitest';
import { ProgressRate } from '../src/terminal/progress-rate.js';
import { renderProgress } from '../src/terminal/render-progress.js';
import { formatDuration, formatExactSize, formatSize } from '../src/terminal/sizes.js';

const MIB = 1024 * 1024;

describe('renderProgress', () => {
  const state = { name: 'report.pdf', bytes: 430 * MIB, totalBytes: 1024 * MIB, bytesPerSecond: 99 * MIB, seconds: 4.3 };

  test('a known total: bar, percentage, bytes, rate, time left', () => {
    expect(renderProgress(state, 80)).toBe('report.pdf  █████████░░░░░░░░░░░░░   41 %  430 MiB of 1 GiB  99 MiB/s  6 s left');
  });

  test('an unknown total: bytes, rate, time since the start', () => {
    expect(renderProgress({ ...state, name: 'stdin', totalBytes: undefined }, 80)).toBe('stdin  430 MiB  99 MiB/s  4 s');
  });

  test('never fills the last column, whatever the width and the name', () => {
    for (const name of ['a', 'a-name-that-is-long-enough-to-be-cut-off-somewhere.tar.gz', '']) {
      for (let columns = 1; columns < 200; columns++) {
        for (const totalBytes of [undefined, 1024 * MIB]) {
          expect(renderProgress({ ...state, name, totalBytes }, columns).length).toBeLessThan(columns);
        }
      }
    }
  });

  test('a long name keeps its end, and gives up the bar first', () => {
    const line = renderProgress({ ...state, name: 'backups/2026/november/photos-of-the-summer.tar' }, 80);
    expect(line).toContain('the-summer.tar  ');
    expect(line).not.toContain('█');
  });

  test('no rate yet is no time left', () => {
    expect(renderProgress({ ...state, bytesPerSecond: 0 }, 80)).toContain('? left');
  });

  test('the end is 100 %, just before it is not', () => {
    expect(renderProgress({ ...state, bytes: 1024 * MIB }, 80)).toContain('100 %');
    expect(renderProgress({ ...state, bytes: 1024 * MIB - 1 }, 80)).toContain(' 99 %');
  });
});

describe('ProgressRate', () => {
  test('is the rate since the start at first, then that of the last seconds', () => {
    const rate = new ProgressRate();
    rate.sample(2000, 4000);
    expect(rate.bytesPerSecond(1000)).toBe(4000);
    // Ten seconds at 100 bytes a second: the fast beginning is forgotten.
    for (let second = 1; second <= 10; second++) rate.sample(2000 + second * 1000, 4000 + second * 100);
    expect(rate.bytesPerSecond(1000)).toBe(100);
  });

  test('is 0 before anything is known', () => {
    expect(new ProgressRate().bytesPerSecond(0)).toBe(0);
  });
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [131_072, '128 KiB'],
  [1023.6 * 1024, '1 MiB'],
  [300_000, '293 KiB'],
  [5 * 1024 ** 3, '5 GiB'],
  [2 ** 52, '4 PiB'],
])('formatSize(%f) is %s', (bytes, expected) => {
  expect(formatSize(bytes)).toBe(expected);
});

test.each([
  [1000, '1,000 bytes'],
  [1, '1 byte'],
  [1_572_864, '1,572,864 bytes (1.5 MiB)'],
])('formatExactSize(%i) is %s', (bytes, expected) => {
  expect(formatExactSize(bytes)).toBe(expected);
});

test.each([
  [0.2, '0 s'],
  [59.4, '59 s'],
  [59.6, '1:00'],
  [125, '2:05'],
  [3725, '1:02:05'],
])('formatDuration(%f) is %s', (seconds, expected) => {
  expect(formatDuration(seconds)).toBe(expected);
});
