import type { Keyring } from '@keyfold/core';
import { readConfig } from '../../src/config/validate-config.js';
import { configuredKeyring } from '../../src/keyrings/configured-keyrings.js';
import { folder } from './keyfold.js';

/** The keyring that a configuration in the test's folder has under a name, without a run of the command. */
export async function keyringOf(name: string, keyrings: unknown): Promise<Keyring> {
  const config = readConfig({ keyrings }, 'file');
  return await configuredKeyring(name, '--key', { file: 'file', folder: folder(), config });
}
