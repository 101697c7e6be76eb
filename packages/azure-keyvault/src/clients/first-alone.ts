import { abortable } from '@keyfold/core/keyring';
import type { AzureKeyVaultAnswer, AzureKeyVaultCallOptions, AzureKeyVaultClient } from './vault-client.js';

/**
 * A client whose first call runs alone. The SDK sends that one without its body, to be told how to authenticate, and
 * remembers the body in a place that all its calls share: of two first calls, the slower one ends up without its body.
 */
export function firstAlone(client: AzureKeyVaultClient): AzureKeyVaultClient {
  let first: Promise<unknown> | undefined;
  const inTurn = async (call: () => Promise<AzureKeyVaultAnswer>, { abortSignal }: AzureKeyVaultCallOptions): Promise<AzureKeyVaultAnswer> => {
    if (first !== undefined) {
      await abortable(first, abortSignal);
      return await call();
    }
    const running = call();
    first = running.catch(() => undefined);
    return await running;
  };
  return {
    wrapKey: async (algorithm, key, options) => await inTurn(async () => await client.wrapKey(algorithm, key, options), options),
    unwrapKey: async (algorithm, key, options) => await inTurn(async () => await client.unwrapKey(algorithm, key, options), options),
  };
}
