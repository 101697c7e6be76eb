// From the packed package: a keyring with nothing but an alias, which finds endpoint, Region and credentials where the SDK does.
import assert from 'node:assert/strict';
import { awsKmsKeyring } from '@keyfold/aws-kms';
import { decrypt, encrypt, inspect } from '@keyfold/core';
import { startSimulators } from '@keyfold/kms-simulators';

const sim = await startSimulators();
const { arn } = await sim.aws.createKey({ region: 'eu-west-1', alias: 'alias/app' });
Object.assign(process.env, sim.aws.environment('eu-west-1'));

const keyring = awsKmsKeyring({ key: 'alias/app' });
const context = { tenant: 'acme' };
const envelope = await encrypt(new TextEncoder().encode('hello'), { keyring, context });
assert.equal(inspect(envelope).wrappedKeys[0]?.keyId, arn);

const reader = awsKmsKeyring({ key: 'alias/app' });
assert.equal(new TextDecoder().decode(await decrypt(envelope, { keyring: reader, context })), 'hello');
const [row] = await reader.check({ signal: AbortSignal.timeout(60_000) });
assert.deepEqual(row?.permitted, { wrap: 'yes', unwrap: 'yes', generate: 'yes' });

await sim.close();
// Nothing is closed but the simulator: idle connections must not keep the process.
