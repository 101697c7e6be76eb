import type { KeyChange } from '@keyfold/core';
import type { FileRewrapResult } from '@keyfold/core/node';
import { isKeyfoldError } from '@keyfold/core';
import { cliMessage } from '../errors/cli-message.js';
import { exitCodeOf } from '../errors/exit-codes.js';
import type { NamedKey } from './key-pattern.js';

/** What became of one wrapped key of a file. */
export interface FileKeyChange extends NamedKey {
  readonly change: KeyChange['change'];
  /** Whether it was seen to open the envelope. */
  readonly proven: boolean;
  /** The version that it took the place of, where that is another one. */
  readonly previousVersion?: string;
}

/** What became of one file, as data that can be kept as JSON. */
export interface FileOutcome {
  readonly path: string;
  readonly status: 'rewrapped' | 'unchanged' | 'failed';
  readonly written?: FileRewrapResult['written'];
  readonly revision?: number;
  readonly changes: readonly FileKeyChange[];
  readonly error?: FileError;
}

export interface FileError {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
}

export function succeeded(path: string, { changed, written, revision, changes }: FileRewrapResult): FileOutcome {
  return { path, status: changed ? 'rewrapped' : 'unchanged', written, revision, changes: changes.map(toFileChange) };
}

export function failed(path: string, error: unknown): FileOutcome {
  return { path, status: 'failed', changes: [], error: describeError(error) };
}

export function describeError(error: unknown): FileError {
  const exitCode = exitCodeOf(error);
  if (isKeyfoldError(error)) return { code: error.code, exitCode, message: cliMessage(error) };
  return { code: 'unexpected', exitCode, message: error instanceof Error ? error.message : String(error) };
}

function toFileChange({ change, key, previous, proven }: KeyChange): FileKeyChange {
  const { provider, keyId, keyVersion } = key;
  const moved = previous !== undefined && previous.keyVersion !== keyVersion;
  return { change, provider, keyId, keyVersion, proven, ...(moved ? { previousVersion: previous.keyVersion } : {}) };
}
