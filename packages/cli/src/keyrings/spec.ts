import { traced } from '../trace/key-trace.js';
import type { Origin, PlacedKeyring } from './provider.js';
import { loadProvider } from './providers.js';

/** Whether a text is `<provider>:<rest>` rather than the name of a keyring, which holds no colon. */
export function isSpec(text: string): boolean {
  return text.includes(':');
}

/** The keyring of `<provider>:<rest>`. Throws `invalid-argument`, and what the provider throws. */
export async function keyringOfSpec(spec: string, origin: Origin): Promise<PlacedKeyring> {
  const at = spec.indexOf(':');
  const provider = await loadProvider(spec.slice(0, at), origin.argument);
  return traced(await provider.fromSpec(spec.slice(at + 1), origin));
}
