import { expect } from 'vitest';

/** A text that matches, for `toMatchObject`: a bare regular expression there matches every text. */
export function like(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
