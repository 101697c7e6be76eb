// From the packed package: a credential of one's own is all that the keyring needs of Azure's packages besides the SDK.
import assert from 'node:assert/strict';
import { azureKeyVaultKeyring } from '@keyfold/azure-keyvault';
import { decrypt, encrypt } from '@keyfold/core';
import { startSimulators } from '@keyfold/kms-simulators';

const sim = await startSimulators();
const { keyId } = await sim.azure.createKey({ vault: 'hsm', name: 'app', kty: 'oct-HSM' });
const { credential } = sim.azure;
const reach = { clientOptions: sim.azure.clientOptions(), trustedHosts: [new URL(keyId).host] };

const keyring = azureKeyVaultKeyring({ key: keyId, algorithm: 'A256KW', credential, ...reach });
const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring });
assert.equal(new TextDecoder().decode(await decrypt(envelope, { keyring })), 'hello');
const [row] = await keyring.check({ signal: AbortSignal.timeout(60_000) });
assert.deepEqual(row?.permitted, { wrap: 'yes', unwrap: 'yes', generate: 'no' });

const installed = await import('@azure/identity').then(
  () => true,
  () => false,
);
const byDefault = azureKeyVaultKeyring({ key: keyId, algorithm: 'A256KW', ...reach });
if (!installed) await assert.rejects(encrypt(new Uint8Array(1), { keyring: byDefault }), /npm install @azure\/identity/);

await sim.close();
// Nothing is closed but the simulator: idle connections must not keep the process.
