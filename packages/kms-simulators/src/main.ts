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
    control: { port: args.controlPort },
    ...(args.state === undefined ? {} : { state: args.state }),
  });
  const stop = (): void => {
    sim.close().catch(fail);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const keys = await makeKeys(sim, args);
    const gcpKeys = await makeGcpKeys(sim, args);
    process.stdout.write((args.json ? readyJson : readyText)(sim, args, { keys, gcpKeys }, version));
  } catch (error) {
    await sim.close();
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
