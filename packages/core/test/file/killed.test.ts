import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/index.js';
import { hex, patterned } from '../support/bytes.js';
import { allowTime, cases } from '../support/cases.js';
import { startChild } from '../support/processes/child.js';
import type { FileOperation } from '../support/processes/child.js';
import { fixedKeyring } from '../support/processes/fixed-keyring.mjs';
import { TempFolder } from '../support/temp-folder.js';

allowTime();

const folder = new TempFolder();
const keyHex = hex(patterned(32));
const keyring = fixedKeyring(keyHex);
const MIB = 1 << 20;
const older = patterned(3 * MIB, 1);
const newer = patterned(4 * MIB, 2);

/** Starts the operation and kills it behind a certain step of its progress, after some milliseconds. */
async function killAt(operation: FileOperation, step: number, milliseconds: number): Promise<void> {
  const child = startChild(operation);
  let steps = 0;
  for await (const line of child.lines) {
    if (line !== 'progress' && line !== 'started') break;
    if (steps++ === step) {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      child.process.kill('SIGKILL');
    }
  }
  child.process.kill('SIGKILL');
  await child.exited;
}

// Behind the last step lie sync and rename: the later moments are the ones that matter most.
const moments = Array.from({ length: cases(40, 8) }, (_, i) => [i % 6, Math.floor(i / 6) * 3] as const);

describe('a process that is killed at any moment', () => {
  it('while it encrypts, leaves the old envelope or the new one', async () => {
    await writeFile(folder.at('plain'), newer);
    const operation = { operation: 'encrypt', source: folder.at('plain'), target: folder.at('sealed'), overwrite: true, keyHex } as const;
    for (const [step, milliseconds] of moments) {
      await writeFile(folder.at('sealed'), await encrypt(older, { keyring }));
      await killAt(operation, step, milliseconds);
      const opened = await decrypt(await readFile(folder.at('sealed')), { keyring });
      expect(Buffer.compare(opened, opened.length === older.length ? older : newer)).toBe(0);
    }
  });

  it('while it decrypts, leaves the old plaintext or the new one', async () => {
    await writeFile(folder.at('sealed'), await encrypt(newer, { keyring }));
    const operation = { operation: 'decrypt', source: folder.at('sealed'), target: folder.at('back'), overwrite: true, keyHex } as const;
    for (const [step, milliseconds] of moments) {
      await writeFile(folder.at('back'), older);
      await killAt(operation, step, milliseconds);
      const back = await readFile(folder.at('back'));
      expect(Buffer.compare(back, back.length === older.length ? older : newer)).toBe(0);
    }
  });

  it('can be run again, whatever it left', async () => {
    await writeFile(folder.at('plain'), newer);
    const operation = { operation: 'encrypt', source: folder.at('plain'), target: folder.at('sealed'), keyHex } as const;
    await killAt(operation, 1, 0);
    const again = startChild(operation);
    let last = '';
    for await (const line of again.lines) last = line;
    await again.exited;
    if (last !== 'done') expect(last).toContain('file-exists');
    expect(Buffer.compare(await decrypt(await readFile(folder.at('sealed')), { keyring }), newer)).toBe(0);
  });

  it('leaves a half-written file under no name but a temporary one', async () => {
    await writeFile(folder.at('plain'), patterned(20 * MIB));
    const operation = { operation: 'encrypt', source: folder.at('plain'), target: folder.at('sealed'), keyHex } as const;
    await killAt(operation, 3, 0);
    for (const name of await folder.names()) expect(name).toMatch(/^(plain|sealed|\.sealed\.[0-9a-f]{12}\.keyfold-tmp)$/);
  });
});
