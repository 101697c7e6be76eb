// From the packed package: many messages, one wrap; many openings, one unwrap; nothing left of them after clear.
import assert from 'node:assert/strict';
import { decrypt, encrypt } from '@keyfold/core';
import { cachingKeyring } from '@keyfold/caching';
import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';

const local = rawAesKeyring({ name: 'app-2026', key: generateAesKey() });
const calls = { wrap: 0, unwrap: 0 };
const keyring = cachingKeyring({
  keyring: {
    ...local,
    wrap: async (request) => (calls.wrap++, await local.wrap(request)),
    unwrap: async (request) => (calls.unwrap++, await local.unwrap(request)),
  },
});

const hello = new TextEncoder().encode('hello');
const envelopes = [];
for (let i = 0; i < 10; i++) envelopes.push(await encrypt(hello, { keyring }));
for (const envelope of envelopes) assert.deepEqual(await decrypt(envelope, { keyring }), hello);
assert.deepEqual(calls, { wrap: 1, unwrap: 1 });
keyring.clear();
await decrypt(await encrypt(hello, { keyring }), { keyring });
assert.deepEqual(calls, { wrap: 2, unwrap: 2 });
