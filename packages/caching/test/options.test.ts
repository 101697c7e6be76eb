import { generateAesKey, rawAesKeyring } from '@keyfold/local-raw';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { expect, it } from 'vitest';
import { cachingKeyring } from '../src/index.js';

const keyring = rawAesKeyring({ name: 'app-2026', key: generateAesKey() });

it.each([
  ['options', undefined],
  ['options.keyring', {}],
  ['options.maxAge', { keyring, maxAge: 0 }],
  ['options.maxAge', { keyring, maxAge: 1.5 }],
  ['options.maxAge', { keyring, maxAge: 2 ** 31 }],
  ['options.maxAge', { keyring, maxAge: '60' }],
  ['options.maxMessages', { keyring, maxMessages: 0 }],
  ['options.maxMessages', { keyring, maxMessages: 2 ** 32 + 1 }],
  ['options.maxKeys', { keyring, maxKeys: Number.POSITIVE_INFINITY }],
])('refuses %s: %o', async (argument, options) => {
  const { details, message } = await failure(() => cachingKeyring(options as never), 'invalid-argument');
  expect(details.argument).toBe(argument);
  expect(message).toContain('pass ');
});

it('is to everybody else the keyring inside', () => {
  const cached = cachingKeyring({ keyring });
  expect([cached.provider, cached.name, cached.keks]).toEqual([keyring.provider, keyring.name, keyring.keks]);
});
