#!/usr/bin/env node
/**
 * The command `kms-simulators`. Exit codes: 0 after SIGINT or SIGTERM, 1 when it cannot start, 2
 * when the command line makes no sense.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { SimulatorError } from './shared/errors.js';
import { startSimulators, type Simulators } from './simulators.js';
import { readArguments, type Arguments } from './cli/arguments.js';
import { writeCertificate, type CertificateFile } from './cli/certificate-file.js';
import { HELP } from './cli/help.js';
import { readyJson, readyText, type ReadyKey } from './cli/ready.js';

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  const version = await ownVersion();
  if (args.show !== undefined) {
    process.stdout.write(args.show === 'help' ? HELP : `${version}\n`);
    return;
  }
  const sim = await startSimulators({
    aws: {
      port: args.port,
      ...(args.account === undefined ? {} : { account: args.account }),
      ...(args.accounts === undefined ? {} : { accounts: args.accounts }),
    },
    gcp: { port: args.gcpPort },
    azure: { port: args.azurePort, identityPort: args.azureIdentityPort },
    control: { port: args.controlPort },
    ...(args.state === undefined ? {} : { state: args.state }),
  });
  let certificate: CertificateFile | undefined;
  const close = async (): Promise<void> => {
    await sim.close();
    await certificate?.remove();
  };
  const stop = (): void => {
    close().catch(fail);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    certificate = await writeCertificate(sim.azure.ca, args.azureCa);
    const keys = await makeKeys(sim, args);
    const gcpKeys = await makeGcpKeys(sim, args);
    const azureKeys = await makeAzureKeys(sim, args);
    const parts = { keys, gcpKeys, azureKeys, azureCa: certificate.path };
    process.stdout.write((args.json ? readyJson : readyText)(sim, args, parts, version));
  } catch (error) {
    await close();
    throw error;
  }
}

async function makeKeys(sim: Simulators, args: Arguments): Promise<ReadyKey[]> {
  const keys: ReadyKey[] = [];
  for (const { alias, region } of args.keys) {
    const found = sim.aws.findKey({ region, key: alias }) ?? (await sim.aws.createKey({ region, alias }));
    keys.push({ alias, region, arn: found.arn });
  }
  return keys;
}

async function makeGcpKeys(sim: Simulators, args: Arguments): Promise<string[]> {
  const names: string[] = [];
  for (const { keyRing, key, location } of args.gcpKeys) {
    const name = `projects/${sim.gcp.project}/locations/${location}/keyRings/${keyRing}/cryptoKeys/${key}`;
    names.push((sim.gcp.findKey(name) ?? (await sim.gcp.createKey({ location, keyRing, key }))).name);
  }
  return names;
}

async function makeAzureKeys({ azure }: Simulators, args: Arguments): Promise<string[]> {
  const ids: string[] = [];
  for (const { vault, name, kty, region } of args.azureKeys) {
    const kind = kty === 'oct-HSM' ? 'managed-hsm' : 'vault';
    const url = vault === undefined ? azure.vaultUrl() : await azure.createVault({ name: vault, kind, ...(region && { region }) });
    const wanted = { name, ...(vault && { vault }), ...(kty && { kty }) };
    ids.push((azure.findKey(`${url}/keys/${name}`) ?? (await azure.createKey(wanted))).keyId);
  }
  return ids;
}

async function ownVersion(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function fail(error: unknown): void {
  const known = SimulatorError.isInstance(error);
  process.stderr.write(`kms-simulators: ${known ? error.message : String(error)}\n`);
  process.exitCode = known && error.code === 'invalid-option' ? 2 : 1;
}

main().catch(fail);
