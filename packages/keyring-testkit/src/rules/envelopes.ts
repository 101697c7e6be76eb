import {
  decrypt,
  decryptDetached,
  decryptStream,
  encrypt,
  encryptDetached,
  encryptStream,
  inspect,
  rewrap,
} from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import type { Bench } from '../bench/bench.js';
import { collect, failsWith } from '../bench/engine.js';
import { assert } from '../support/assert.js';
import { equalBytes, flipBit, randomBytes } from '../support/bytes.js';
import { within } from '../support/settle.js';
import { when } from './rule.js';
import type { RuleGroup } from './rule.js';

const CONTEXT = { tenant: 'acme', purpose: 'conformance' };
const SEGMENT = 4096;

export const envelopes: RuleGroup = {
  title: 'whole envelopes',
  rules: ({ composition }) => [
    { title: 'opens what was encrypted in one call', check: oneShot },
    { title: 'opens what was encrypted as a stream', check: streamed },
    { title: 'opens a header that lives apart from its payload', check: detached },
    { title: 'has its wrapped keys named by inspect', check: inspected },
    { title: 'opens nothing for another external context', check: externalContext },
    { title: 'opens nothing once the header was altered', check: alteredHeader },
    { title: 'hands an envelope over to another keyring by a rewrap', check: rewrapped },
    { title: 'is told from a keyring without the right key', check: withoutKey },
    ...when(composition !== undefined && composition.interchangeable !== false, () => [
      { title: 'opens what the keyring inside wrote, and the reverse', check: interchangeable },
    ]),
  ],
};

async function oneShot(bench: Bench): Promise<void> {
  for (const length of [0, 1, 3 * SEGMENT + 1]) {
    const plaintext = randomBytes(length);
    const envelope = await encrypt(plaintext, { keyring: bench.keyring, context: CONTEXT, segmentSize: SEGMENT });
    await opens(bench, bench.twin, envelope, plaintext);
  }
}

async function streamed(bench: Bench): Promise<void> {
  const plaintext = randomBytes(3 * SEGMENT + 1);
  const sealing = encryptStream({ keyring: bench.keyring, context: CONTEXT, segmentSize: SEGMENT });
  const envelope = await collect(new Blob([plaintext]).stream().pipeThrough(sealing));
  const opening = decryptStream({ keyring: bench.twin, context: CONTEXT });
  const opened = await collect(new Blob([envelope]).stream().pipeThrough(opening));
  assert(equalBytes(opened, plaintext), 'A decrypted stream must give the plaintext.');
}

async function detached(bench: Bench): Promise<void> {
  const plaintext = randomBytes(100);
  const envelope = await encryptDetached(plaintext, { keyring: bench.keyring, context: CONTEXT });
  const opened = await decryptDetached(envelope, { keyring: bench.twin, context: CONTEXT });
  assert(equalBytes(opened, plaintext), 'A decrypted envelope must give the plaintext.');
}

async function inspected(bench: Bench): Promise<void> {
  const { provider, wrapsPerKeyring = 1, algorithms } = bench.manifest;
  const { wrappedKeys } = inspect(await encrypt(randomBytes(1), { keyring: bench.keyring, context: CONTEXT }));
  assert(
    wrappedKeys.length === wrapsPerKeyring,
    `An envelope must have ${wrapsPerKeyring} wrapped keys; it has ${wrappedKeys.length}.`,
  );
  const own = wrappedKeys.filter((key) => key.provider === provider);
  const sound = own.every(({ algorithm, pending }) => !pending && algorithms.includes(algorithm));
  assert(own.length > 0 && sound, 'The keyring’s wrapped keys must be in the envelope as it made them.');
}

async function externalContext(bench: Bench): Promise<void> {
  const plaintext = randomBytes(1);
  const { keyring } = bench;
  const envelope = await encrypt(plaintext, { keyring, context: CONTEXT, externalContext: { ticket: 'right-ticket' } });
  const opened = await decrypt(envelope, { keyring, context: { ...CONTEXT, ticket: 'right-ticket' } });
  assert(equalBytes(opened, plaintext), 'A decrypted envelope must give the plaintext.');
  const wrong = decrypt(envelope, { keyring, context: { ...CONTEXT, ticket: 'wrong-ticket' } });
  await failsWith(bench, wrong, 'unwrap-failed', 'with another external context');
}

async function alteredHeader(bench: Bench): Promise<void> {
  const { keyring } = bench;
  const { header, payload } = await encryptDetached(randomBytes(1), { keyring, context: CONTEXT });
  // The last byte is the MAC's: every wrapped key is intact.
  const altered = { header: flipBit(header, header.length - 1), payload };
  await failsWith(
    bench,
    decryptDetached(altered, { keyring, context: CONTEXT }),
    'unwrap-failed',
    'with an altered header',
  );
}

async function rewrapped(bench: Bench): Promise<void> {
  const plaintext = randomBytes(1);
  const old = await encryptDetached(plaintext, { keyring: bench.keyring, context: CONTEXT });
  const { header } = await rewrap(old.header, {
    keyring: bench.keyring,
    context: CONTEXT,
    wrapWith: bench.stranger,
    remove: () => true,
  });
  const opened = await decryptDetached({ header, payload: old.payload }, { keyring: bench.stranger, context: CONTEXT });
  assert(equalBytes(opened, plaintext), 'A rewrapped envelope must open with the keyring that it was handed over to.');
  const opening = decryptDetached({ header, payload: old.payload }, { keyring: bench.keyring, context: CONTEXT });
  await failsWith(bench, opening, 'no-matching-key', 'with a keyring that was removed');
}

async function withoutKey(bench: Bench): Promise<void> {
  const envelope = await encrypt(randomBytes(1), { keyring: bench.keyring, context: CONTEXT });
  const opening = decrypt(envelope, { keyring: bench.stranger, context: CONTEXT });
  await failsWith(bench, opening, 'no-matching-key', 'with a keyring that has other keys');
}

async function interchangeable(bench: Bench): Promise<void> {
  const plaintext = randomBytes(1);
  const inside = bench.fixture.keyring;
  await opens(bench, inside, await encrypt(plaintext, { keyring: bench.keyring, context: CONTEXT }), plaintext);
  await opens(bench, bench.keyring, await encrypt(plaintext, { keyring: inside, context: CONTEXT }), plaintext);
}

async function opens(bench: Bench, keyring: Keyring, envelope: Uint8Array, plaintext: Uint8Array): Promise<void> {
  const opening = decrypt(envelope, { keyring, context: CONTEXT });
  const opened = await within(opening, bench.plan.patience, 'decrypt must end');
  assert(equalBytes(opened, plaintext), 'A decrypted envelope must give the plaintext.');
}
