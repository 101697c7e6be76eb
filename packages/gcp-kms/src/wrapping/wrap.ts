import { abortable, assertKeyMaterial, singleFlight } from '@keyfold/core/keyring';
import type { WrapRequest, WrapResult } from '@keyfold/core/keyring';
import type { KmsCalls } from '../calls/kms-calls.js';
import type { ConfiguredKey } from '../names/configured-key.js';
import { encrypt } from './encrypt.js';
import { RememberedKey } from './remembered-key.js';
import { fetchPublicKey, sealFor } from './rsa-wrap.js';

/** How a key wraps. As `Keyring.wrap`. */
export function wrapping(key: ConfiguredKey, calls: KmsCalls): (request: WrapRequest) => Promise<WrapResult> {
  const wrapOne = key.kind === 'symmetric' ? symmetric(key.name) : rsa(key);
  return async (request) => {
    assertKeyMaterial(request.keyMaterial);
    return { wrappedKeys: [await wrapOne(request)] };
  };

  function symmetric(name: ConfiguredKey['name']) {
    return async ({ keyMaterial, context, signal }: WrapRequest) => await encrypt(calls, name, keyMaterial, context, signal);
  }

  function rsa(rsaKey: Extract<ConfiguredKey, { readonly kind: 'rsa' }>) {
    const publicKey = new RememberedKey(singleFlight(async (signal) => await fetchPublicKey(calls, rsaKey, signal)));
    return async ({ keyMaterial, signal }: WrapRequest) => {
      const half = await publicKey.get(signal);
      return await abortable(sealFor(rsaKey, half, keyMaterial), signal);
    };
  }
}
