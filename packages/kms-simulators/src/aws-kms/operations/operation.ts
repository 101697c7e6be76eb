import type { Input } from '../protocol/input.js';
import { KmsError } from '../protocol/kms-error.js';
import type { ResolveContext } from '../keys/resolve-key.js';
import type { Output } from '../keys/key-metadata.js';

export type { Output } from '../keys/key-metadata.js';

/** What an operation works with besides its input. */
export interface OperationContext extends ResolveContext {
  /** Simulated time, milliseconds since 1970. */
  readonly now: number;
  /** Regions that exist; `undefined`: every well-formed one. */
  readonly regions: ReadonlySet<string> | undefined;
  /** How long a new replica stays in state Creating, in milliseconds. */
  readonly replicaCreatingMs: number;
}

/** One operation of the service: JSON fields in, JSON fields out, or a KmsError. */
export type Operation = (input: Input, context: OperationContext) => Output | Promise<Output>;

/**
 * Ends a dry run where the real run would succeed.
 *
 * @throws KmsError `DryRunOperationException` if the request is a dry run.
 */
export function endDryRun(input: Input): void {
  if (!input.flag('DryRun')) return;
  throw new KmsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
}

/** Bytes travel as base64. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
