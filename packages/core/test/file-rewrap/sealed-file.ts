import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { encryptDetached, inspect, multiKeyring, openEnvelope } from '../../src/index.js';
import type { EnvelopeInfo, Keyring } from '../../src/index.js';
import { decryptFile, inspectFile, openFileSource } from '../../src/node.js';
import { concat, patterned } from '../support/bytes.js';
import { namedKeyring } from './processes/named-keyring.mjs';

export const plaintext: Uint8Array<ArrayBuffer> = patterned(9000);
/** Opens what either key opens: while a rewrap is under way, each of the two headers is a good one. */
export const either: Keyring = multiKeyring({ members: [namedKeyring('old'), namedKeyring('new')] });

/** Writes an envelope into a file under the key `old`. Returns its payload. */
export async function writeSealed(path: string, headerPadding = 300): Promise<Uint8Array> {
  const { header, payload } = await encryptDetached(plaintext, { keyring: namedKeyring('old'), segmentSize: 4096, headerPadding });
  writeFileSync(path, concat(header, payload));
  return payload;
}

/** That everything that reads envelopes in files reads this one, and its payload is what it was. Returns what its header says. */
export async function expectReadable(path: string, payload: Uint8Array, keyring: Keyring = either): Promise<EnvelopeInfo> {
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-opened-'));
  try {
    const opened = await decryptFile(path, join(folder, 'opened'), { keyring });
    expect(Buffer.compare(readFileSync(join(folder, 'opened')), plaintext)).toBe(0);
    const source = await openFileSource(path);
    const reader = await openEnvelope(source, { keyring });
    expect(Buffer.compare(await reader.read(4000, 200), plaintext.subarray(4000, 4200))).toBe(0);
    reader.close();
    await source.close();
    const { payload: described, ...inspected } = await inspectFile(path);
    expect(inspected).toEqual(opened);
    expect(described?.plaintextLength).toBe(plaintext.length);
    expectPayload(path, payload);
    return inspected;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** That behind its header, the file holds the very payload that was written. */
export function expectPayload(path: string, payload: Uint8Array): void {
  const bytes = readFileSync(path);
  const behind = bytes.subarray(bytes.length - payload.length);
  expect(createHash('sha256').update(behind).digest('hex')).toBe(createHash('sha256').update(payload).digest('hex'));
}

/** The ids of the keys that a file's own header names, whatever lies beside it. */
export function keysIn(path: string): string[] {
  return inspect(readFileSync(path)).wrappedKeys.map(({ keyId }) => keyId);
}
