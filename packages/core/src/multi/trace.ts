import type { Keyring } from '../keyring/keyring.js';

/** What a keyring of several decided, as it happens. Published on the diagnostics channel `keyfold:keyring`. */
export interface KeyringTrace {
  readonly operation: 'wrap' | 'unwrap';
  readonly provider: string;
  readonly keyring: string;
  readonly event: 'started' | 'succeeded' | 'failed' | 'not-mine' | 'aborted' | 'broken' | 'pending';
  /** For `failed`: what was thrown. */
  readonly error?: unknown;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** Node's diagnostics channel, where the runtime has it: got without an import, which no browser would resolve. */
const channel: Channel | undefined = findChannel();

/** Tells whoever listens. Costs next to nothing when nobody does. */
export function trace(
  operation: KeyringTrace['operation'],
  { provider, name }: Keyring,
  event: KeyringTrace['event'],
  error?: unknown,
): void {
  if (channel?.hasSubscribers !== true) return;
  const message: KeyringTrace = { operation, provider, keyring: name, event };
  channel.publish(error === undefined ? message : { ...message, error });
}

function findChannel(): Channel | undefined {
  const { process } = globalThis as {
    readonly process?: { readonly getBuiltinModule?: (id: string) => { readonly channel: (name: string) => Channel } | undefined };
  };
  return process?.getBuiltinModule?.('diagnostics_channel')?.channel('keyfold:keyring');
}
