import { isKeyfoldError } from '@keyfold/core';
import type { Keyring } from '@keyfold/core';
import { keyringError } from '@keyfold/core/keyring';
import { rawAesKeyring, rawRsaKeyring } from '@keyfold/local-raw';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileOperation } from '../errors/file-error.js';
import { usageError } from '../errors/usage-error.js';
import { placed } from './failure-domain.js';
import { parseKeyFile } from './key-file.js';
import type { KeyFile } from './key-file.js';
import type { Origin, PlacedKeyring, Provider } from './provider.js';

/** Keys in files: `local-raw:<key file>[#<name>]`. */
export const localRaw: Provider = {
  async fromSpec(rest, origin) {
    // The last one, so that a path may hold the character: then it ends in one.
    const at = rest.lastIndexOf('#');
    const path = at === -1 ? rest : rest.slice(0, at);
    const name = at === -1 ? '' : rest.slice(at + 1);
    if (path === '') throw usageError(origin.argument, 'name the key file: local-raw:<key file>.');
    return await readKeyring(path, name === '' ? undefined : name, origin);
  },

  async fromSettings(settings, origin) {
    const { keyFile, keyName } = settings as { readonly keyFile: string; readonly keyName?: string };
    return await readKeyring(keyFile, keyName, origin);
  },
};

async function readKeyring(path: string, givenName: string | undefined, origin: Origin): Promise<PlacedKeyring> {
  const file = resolve(origin.folder, path.replace(/^~(?=[/\\])/, () => homedir()));
  const bytes = await fileOperation('read the key file', path, readFile(file));
  try {
    const keyFile = parseKeyFile(bytes);
    if (keyFile === undefined) {
      throw usageError(origin.argument, `${path} is no key file; "keyfold keygen" makes one, and PEM and JSON Web Keys are taken too.`);
    }
    const name = givenName ?? keyFile.name;
    if (name === undefined) {
      throw usageError(origin.argument, `${path} does not say what envelopes call its key; add the name: local-raw:${path}#<name>.`);
    }
    return placed(makeKeyring(name, keyFile, path, origin));
  } finally {
    bytes.fill(0);
  }
}

function makeKeyring(name: string, { kind, key }: KeyFile, path: string, origin: Origin): Keyring {
  try {
    if (kind === 'aes') return rawAesKeyring({ name, key });
    if (kind === 'rsa-private') return rawRsaKeyring({ name, privateKey: key });
    return withoutPrivateHalf(rawRsaKeyring({ name, publicKey: key }), path);
  } catch (error) {
    if (!isKeyfoldError(error, 'invalid-argument')) throw error;
    const { argument } = error.details;
    const advice = error.message.slice(`${argument}: `.length);
    throw usageError(origin.argument, `${argument === 'options.name' ? `the name ${name}` : path}: ${advice}`, error);
  }
}

/** Says what to do in the words of the command line: a public key is easily named where the private one is needed. */
function withoutPrivateHalf(keyring: Keyring, path: string): Keyring {
  return {
    ...keyring,
    async unwrap(request) {
      try {
        return await keyring.unwrap(request);
      } catch (error) {
        if (!isKeyfoldError(error, 'keyring-failed') || error.details.reason !== 'misconfigured') throw error;
        const remedy = 'Name the file of the private half instead.';
        throw keyringError({ ...error.details, remedy }, `${path} holds the public half alone, which cannot decrypt.`, error);
      }
    },
  };
}
