// From the packed package: writers need no request, and not even the SDK; the recovery has both, and nobody has another cloud's.
import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { KeyClient } from '@azure/keyvault-keys';
import { azureKeyVaultKeyring, azureKeyVaultOfflineKeyring } from '@keyfold/azure-keyvault';
import { decrypt, encrypt, inspect } from '@keyfold/core';
import { startSimulators } from '@keyfold/kms-simulators';

const packageJson = new URL('../package.json', import.meta.resolve('@keyfold/azure-keyvault'));
/** @typedef {{ dependencies: Record<string, string>, peerDependencies: Record<string, string> }} Manifest */
const { dependencies, peerDependencies } = /** @type {Manifest} */ (JSON.parse(await readFile(packageJson, 'utf8')));
assert.deepEqual(Object.keys(dependencies), ['@keyfold/core']);
assert.deepEqual(Object.keys(peerDependencies).sort(), ['@azure/identity', '@azure/keyvault-keys']);

const sim = await startSimulators();
const { credential } = sim.azure;
const clientOptions = sim.azure.clientOptions();
const { id, keyId, vaultUrl } = await sim.azure.createKey({ name: 'break-glass' });
const trustedHosts = [new URL(keyId).host];
const { key: { n, e } = {} } = await new KeyClient(vaultUrl, credential, clientOptions).getKey('break-glass');
/** @param {Uint8Array} [bytes] */
const base64url = (bytes = new Uint8Array()) => Buffer.from(bytes).toString('base64url');
const jwk = { kty: 'RSA', n: base64url(n), e: base64url(e) };
const publicKey = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });

// From here on, the package under test finds no package of Azure's.
const hooks = `export async function resolve(name, context, next) {
  if (name.startsWith('@azure/')) throw Object.assign(new Error('There is no ' + name), { code: 'ERR_MODULE_NOT_FOUND' });
  return await next(name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const offline = azureKeyVaultOfflineKeyring({ key: id, publicKey, trustedHosts });
const context = { tenant: 'acme' };
const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring: offline, context });
assert.equal(inspect(envelope).wrappedKeys[0]?.keyId, keyId);
const without = azureKeyVaultKeyring({ key: keyId, credential, clientOptions, trustedHosts });
await assert.rejects(decrypt(envelope, { keyring: without, context }), /npm install @azure\/keyvault-keys/);

await sim.close();
