import type { VaultCall } from '../calls/vault-call.js';

/** The permission behind each request: as a data action of Azure's roles, and in an access policy. */
const ACTIONS = { wrapKey: 'keys/wrap/action', unwrapKey: 'keys/unwrap/action' } as const;

/** What to grant, in one sentence. */
export function grant({ action, key }: Pick<VaultCall, 'action' | 'key'>): string {
  const { text } = key.id;
  return key.isHsm
    ? `Grant ${ACTIONS[action]} on ${text} to this program’s principal: the role "Managed HSM Crypto Service Encryption User" with "az keyvault role assignment create", at the scope /keys/${key.id.name}.`
    : `Grant ${ACTIONS[action]} on ${text} to this program’s principal: the role "Key Vault Crypto Service Encryption User", or where the vault has access policies the key permission ${action}.`;
}
