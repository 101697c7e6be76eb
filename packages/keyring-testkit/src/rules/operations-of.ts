import type { KeyringManifest, Operation } from '../manifest.js';

/** The operations that a keyring has, as it declares them. */
export function operationsOf({ generate, check }: KeyringManifest): readonly Operation[] {
  return ['wrap', 'unwrap', ...(generate ? (['generate'] as const) : []), ...(check ? (['check'] as const) : [])];
}
