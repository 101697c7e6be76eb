// The emulators, and where each is known to behave otherwise than the service: the rule of the suite that fails there, and
// why. Such a rule has to fail, so that an emulator that has learnt better is noticed, unless random bytes decide.
import { join } from 'node:path';
import { root } from '../lib/run.mjs';

/**
 * @typedef {object} Emulator
 * @property {string} title
 * @property {string} provider As the conformance suite of `npm run test:cloud` calls it.
 * @property {string} program The program that is there once it was provisioned.
 * @property {readonly (readonly [string, ...string[]])[]} provision Commands that bring it.
 * @property {NodeJS.ProcessEnv} [provisionEnv]
 * @property {(port: number) => { args: string[], env?: NodeJS.ProcessEnv }} start
 * @property {Readonly<Record<string, Deviation>>} deviations
 *
 * @typedef {object} Deviation
 * @property {string} why
 * @property {boolean} [byChance] The rule fails now and then.
 */

const cache = join(root, '.emu');
const bin = process.platform === 'win32' ? 'Scripts' : 'bin';
const MOTO = '5.2.5';
const LOCAL_KMS = 'v0.0.0-20260228092603-2a5e92d09ab6';

const NO_DRY_RUN = { why: 'it does not know dry runs, by which check asks what is permitted' };
const WRONG_KEY = { why: 'it answers AccessDeniedException where AWS KMS says InvalidCiphertextException or IncorrectKeyException' };
/** It reads the key's id out of the ciphertext's first bytes: what it says depends on what stands there. */
const WRONG_ID = { ...WRONG_KEY, byChance: true };

/** @type {readonly Emulator[]} */
export const EMULATORS = [
  {
    title: `AWS KMS by moto ${MOTO}`,
    provider: 'aws-kms',
    program: join(cache, `moto-${MOTO}`, bin, 'moto_server'),
    provision: [
      ['python3', '-m', 'venv', join(cache, `moto-${MOTO}`)],
      [join(cache, `moto-${MOTO}`, bin, 'pip'), 'install', '--quiet', '--disable-pip-version-check', `moto[server]==${MOTO}`],
    ],
    start: (port) => ({ args: ['-H', '127.0.0.1', '-p', String(port)] }),
    deviations: {
      'finds nothing wrong with a key that works': NO_DRY_RUN,
      'fails, and does not give null, for a ciphertext without its first byte': WRONG_ID,
      'fails, and does not give null, for a ciphertext with a byte more at its start': WRONG_ID,
      'fails, and does not give null, for a ciphertext with a bit flipped at its start': WRONG_ID,
      'fails, and does not give null, for a ciphertext all zero': WRONG_KEY,
      'fails, and does not give null, for a ciphertext made by another key': WRONG_KEY,
    },
  },
  {
    title: 'AWS KMS by local-kms',
    provider: 'aws-kms',
    program: join(cache, `local-kms-${LOCAL_KMS}`, 'local-kms'),
    provision: [['go', 'install', `github.com/nsmithuk/local-kms@${LOCAL_KMS}`]],
    provisionEnv: { GOBIN: join(cache, `local-kms-${LOCAL_KMS}`) },
    start: (port) => ({ args: [], env: { PORT: String(port), KMS_DATA_PATH: join(cache, 'local-kms-data') } }),
    deviations: { 'finds nothing wrong with a key that works': NO_DRY_RUN },
  },
];
