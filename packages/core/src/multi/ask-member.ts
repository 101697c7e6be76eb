import { isUnwrapResult, keyringContract, wipeKeyMaterial } from '../keyring/data-key.js';
import type { Keyring, UnwrapRequest, UnwrapResult } from '../keyring/keyring.js';
import { notAccepted } from '../keyring/unwrap-each.js';

/**
 * What a member unwraps, and nothing that `accepts` does not take: a member that answers wrongly, or does not ask, must
 * not stop those behind it.
 *
 * Throws `keyring-contract`, and what the member throws.
 */
export async function askMember(keyring: Keyring, request: UnwrapRequest): Promise<UnwrapResult | null> {
  const accepted = new Set<Uint8Array>();
  const accepts = async (keyMaterial: Uint8Array): Promise<boolean> => {
    const isAccepted = await request.accepts(keyMaterial);
    if (isAccepted) accepted.add(keyMaterial);
    return isAccepted;
  };
  const result: unknown = await keyring.unwrap({ ...request, accepts });
  if (result === null) return null;
  if (!isUnwrapResult(result)) {
    wipeKeyMaterial(result);
    throw keyringContract(keyring, 'returned no key material, or no wrapped key with it');
  }
  const { keyMaterial, wrappedKey } = result;
  let isRight = false;
  try {
    isRight = accepted.has(keyMaterial) || (await request.accepts(keyMaterial));
    if (!isRight) throw notAccepted(keyring, wrappedKey.keyId);
    return result;
  } finally {
    if (!isRight) keyMaterial.fill(0);
  }
}
