import { areWrappedKeys, copyOfContext, DATA_KEY_LENGTH, isDataKey, keyringContract, primitives, wipeKeyMaterial } from '@keyfold/core/keyring';
import type { GenerateRequest, GenerateResult, Keyring } from '@keyfold/core/keyring';
import type { Settings } from './settings.js';

/**
 * A new data key of the keyring inside: made by its KMS where that can, else by the platform's CSPRNG. Throws as its `wrap`
 * and `generate`, and `keyring-contract`.
 */
export async function makeDataKey({ keyring }: Settings, { context, signal }: GenerateRequest): Promise<GenerateResult> {
  const request = { context: copyOfContext(context), signal };
  if (keyring.generate !== undefined) return assertMade(keyring, await keyring.generate(request));
  const keyMaterial = primitives.randomBytes(DATA_KEY_LENGTH);
  const lent = new Uint8Array(keyMaterial);
  try {
    const wrapped = (await keyring.wrap({ ...request, keyMaterial: lent })) as Unchecked | undefined;
    return assertMade(keyring, { wrappedKeys: wrapped?.wrappedKeys, keyMaterial });
  } catch (error) {
    keyMaterial.fill(0);
    throw error;
  } finally {
    lent.fill(0);
  }
}

/** What a keyring answered, before it was looked at. */
interface Unchecked {
  readonly keyMaterial?: unknown;
  readonly wrappedKeys?: unknown;
}

/** What is not as the contract says must not be kept, and given to one message after the other. */
function assertMade(keyring: Keyring, made: Unchecked | undefined): GenerateResult {
  const { keyMaterial, wrappedKeys } = made ?? {};
  if (isDataKey(keyMaterial) && areWrappedKeys(wrappedKeys)) return { keyMaterial, wrappedKeys };
  wipeKeyMaterial(made);
  throw keyringContract(keyring, 'made no data key of 32 bytes with wrapped keys that open anything');
}
