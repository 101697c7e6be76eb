import { createPublicKey } from 'node:crypto';
import { KeyClient } from '@azure/keyvault-keys';
import type { Simulators } from '@keyfold/kms-simulators';

/** The public half of a version, as `az keyvault key download` writes it. */
export async function publicKeyOf(sim: Simulators, id: string): Promise<string> {
  const [, , host = '', , name = '', version = ''] = id.split('/');
  const client = new KeyClient(`https://${host}`, sim.azure.credential, sim.azure.clientOptions());
  const { key: { n, e } = {} } = await client.getKey(name, { version });
  const jwk = { kty: 'RSA', n: base64url(n), e: base64url(e) };
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}

function base64url(bytes: Uint8Array = new Uint8Array(0)): string {
  return Buffer.from(bytes).toString('base64url');
}
