// Makes the vectors: `node vectors/make.mjs` writes them, `node vectors/make.mjs --check` says whether they are as they
// would be written. It knows the specification and node:crypto, and nothing of the packages of this repository.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contexts } from './make/cases/contexts.mjs';
import { formRules } from './make/cases/form-rules.mjs';
import { forms } from './make/cases/forms.mjs';
import { localKeys } from './make/cases/local-keys.mjs';
import { quorumRules } from './make/cases/quorum-rules.mjs';
import { quorums } from './make/cases/quorums.mjs';
import { refusals } from './make/cases/refusals.mjs';
import { headerRules } from './make/cases/rules.mjs';
import { segments } from './make/cases/segments.mjs';
import { sizes } from './make/cases/sizes.mjs';
import { wrappings } from './make/cases/wrappings.mjs';
import { Collection } from './make/collection.mjs';
import { describeKeks } from './make/keks.mjs';
import { payloadLengths } from './make/lengths.mjs';

const folder = import.meta.dirname;
const made = ['positive', 'negative'];

const collection = new Collection();
for (const add of [sizes, contexts, wrappings, forms, headerRules, quorumRules, formRules, refusals, segments, localKeys, quorums]) {
  add(collection);
}
const index = {
  about: 'Known answers for the Keyfold envelope format, version 1. README.md explains the fields.',
  keks: describeKeks(),
  vectors: collection.vectors,
  payload_lengths: payloadLengths(),
};
// ASCII only, so that no editor and no transfer changes a byte order mark or a composed letter.
const json = JSON.stringify(index, undefined, 2).replace(
  /[\u007f-\uffff]/g,
  (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
);
collection.files.set('index.json', Buffer.from(`${json}\n`));

if (process.argv.includes('--check')) {
  const unlike = [...collection.files].filter(([path, bytes]) => {
    const file = join(folder, path);
    return !existsSync(file) || !readFileSync(file).equals(bytes);
  });
  const leftOver = present().filter((path) => !collection.files.has(path));
  for (const [path] of unlike) process.stderr.write(`${path} is not what the script makes.\n`);
  for (const path of leftOver) process.stderr.write(`${path} is not made by the script.\n`);
  if (unlike.length + leftOver.length > 0) process.exitCode = 1;
} else {
  for (const name of made) rmSync(join(folder, name), { recursive: true, force: true });
  for (const [path, bytes] of collection.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
process.stdout.write(`${collection.vectors.length} vectors, ${collection.files.size} files\n`);

/** The files that are there, of the kinds that the script makes. */
function present() {
  return made
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`));
}
