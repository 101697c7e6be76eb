import { beforeEach, expect, test } from 'vitest';
import { keyringOf } from './support/configured.js';
import { randomFile, rawKey, read } from './support/files.js';
import { keyfold } from './support/keyfold.js';
import { writeConfig } from './support/simulated.js';

let alice = '';
let bob = '';
let carol = '';
let spare = '';
let safe = '';
beforeEach(() => {
  [alice = '', bob = '', carol = '', spare = '', safe = ''] = ['alice', 'bob', 'carol', 'spare', 'safe'].map((name) => rawKey(name));
  randomFile('data', 100);
});

/** A policy: two of three, and for one of them a spare key does; or the key in the safe alone. */
function keyrings(board: object = {}): Readonly<Record<string, unknown>> {
  return {
    board: { quorum: 'board-2026', threshold: 2, shares: [alice, { anyOf: [bob, spare] }, 'carol'], ...board },
    carol,
    policy: { anyOf: ['board', safe] },
    half: { quorum: 'board-2026', threshold: 2, shares: [alice, spare] },
    strangers: { quorum: 'board-2026', threshold: 2, shares: [alice, safe] },
  };
}

function configure(): void {
  writeConfig({ defaultKeyring: { encrypt: 'policy', decrypt: 'board' }, keyrings: keyrings() });
}

async function opens(key: string): Promise<boolean> {
  const { code, stdout } = await keyfold(['decrypt', '-k', key, 'data.keyfold', '-o', '-']);
  return code === 0 && stdout.equals(read('data'));
}

test('so many of the shares open what is encrypted, or what stands beside the quorum does', async () => {
  configure();
  const { code, stderr } = await keyfold(['encrypt', 'data']);
  expect(stderr).toMatch(/under safe, board-2026\n/);
  expect(code).toBe(0);
  expect(await opens('board')).toBe(true);
  expect(await opens('half')).toBe(true);
  expect(await opens(safe)).toBe(true);
  expect(await opens(alice)).toBe(false);
  expect(await opens('strangers')).toBe(false);
  const { stderr: advice } = await keyfold(['decrypt', '-k', alice, 'data.keyfold', '-o', '-']);
  expect(advice).toContain('A quorum is named by a configuration');
  expect((await keyfold(['inspect', 'data.keyfold'])).stdout.toString()).toMatch(/board-2026: any 2 of 3 shares/);
});

test('--trace tells of each key of it', async () => {
  configure();
  await keyfold(['encrypt', 'data']);
  const { stderr } = await keyfold(['decrypt', '-k', 'half', 'data.keyfold', '-o', 'copy', '--trace']);
  expect(stderr).toMatch(/local-raw alice: answered after \d+ ms\n/);
  expect(stderr).toMatch(/local-raw spare: answered after \d+ ms\n/);
});

test.each([
  [{ threshold: 1 }, 'keyrings.board.threshold: this must be >= 2'],
  [{ threshold: 4 }, 'keyrings.board: threshold: pass an integer from 2 to 3'],
  [{ shares: ['local-raw:alice.key#alice'] }, 'keyrings.board.shares: this must NOT have fewer than 2 items'],
  [{ shares: ['local-raw:alice.key#alice', 'local-raw:alice.key#alice'] }, 'give every share keys of its own'],
  [{ shares: ['local-raw:alice.key#alice', 'local-raw:'] }, 'keyrings.board.shares[1]: name the key file'],
  [{ shares: ['local-raw:alice.key#alice', { provider: 'x' }] }, 'keyrings.board.shares[1].provider: this must be'],
  [{ shares: ['local-raw:alice.key#alice', 'half'] }, 'a quorum cannot hold a quorum'],
  [{ quorum: 'two words' }, 'keyrings.board.quorum: this must match pattern'],
  [{ minimum: 2 }, 'keyrings.board.minimum: there is no such setting'],
])('%j is refused', async (settings, expected) => {
  await expect(keyringOf('board', keyrings(settings))).rejects.toThrow(expected);
});
