import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encrypt } from '../../src/index.js';
import { decryptFile, encryptFile } from '../../src/node.js';
import type { Progress } from '../../src/node.js';
import { cut, patterned } from '../support/bytes.js';
import { streamOf } from '../support/streams.js';
import { TempFolder } from '../support/temp-folder.js';
import { TestKeyring } from '../support/test-keyring.js';

const folder = new TempFolder();
const keyring = new TestKeyring();
const MIB = 1 << 20;

/** It only grows, and ends at the length of the source. */
function expectProgress(seen: readonly Progress[], length: number, totalBytes: number | undefined): void {
  expect(seen.length).toBeGreaterThan(1);
  for (const [i, { bytes }] of seen.entries()) {
    expect(bytes).toBeGreaterThan(seen[i - 1]?.bytes ?? 0);
    expect(seen[i]?.totalBytes).toBe(totalBytes);
  }
  expect(seen.at(-1)?.bytes).toBe(length);
}

describe('progress', () => {
  it('of a file that is encrypted and decrypted grows up to its size', async () => {
    await writeFile(folder.at('plain'), patterned(4 * MIB + 5));
    const sealing: Progress[] = [];
    const opening: Progress[] = [];
    const { headerLength, payload } = await encryptFile(folder.at('plain'), folder.at('sealed'), {
      keyring,
      onProgress: (progress) => sealing.push(progress),
    });
    await decryptFile(folder.at('sealed'), folder.at('back'), { keyring, onProgress: (progress) => opening.push(progress) });
    expectProgress(sealing, 4 * MIB + 5, 4 * MIB + 5);
    const sealedLength = headerLength + (payload?.length ?? 0);
    expectProgress(opening, sealedLength, sealedLength);
  });

  it('of a stream has no total', async () => {
    const plaintext = patterned(100_000);
    const sealing: Progress[] = [];
    const opening: Progress[] = [];
    await encryptFile(streamOf(...cut(plaintext, 9_000)), folder.at('sealed'), { keyring, onProgress: (progress) => sealing.push(progress) });
    expectProgress(sealing, 100_000, undefined);
    const envelope = await encrypt(plaintext, { keyring });
    await decryptFile(streamOf(...cut(envelope, 9_000)), folder.at('back'), { keyring, onProgress: (progress) => opening.push(progress) });
    expectProgress(opening, envelope.length, undefined);
  });

  it('never says more than was used', async () => {
    let given = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (const piece of cut(patterned(50_000), 5_000)) {
        given += piece.length;
        yield piece;
        await Promise.resolve();
      }
    }
    await encryptFile(source(), folder.at('sealed'), { keyring, onProgress: ({ bytes }) => { expect(bytes).toBe(given); } });
    expect(given).toBe(50_000);
  });
});
