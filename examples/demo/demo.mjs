// `npm run demo`: a real file under keys in three clouds and one in a safe. The clouds go down one after the other, and come
// back. The commands are those that people use, the SDKs the real ones; only the clouds are simulated, on this machine.
// Everything happens in a temporary folder, which is removed in the end.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startClouds, writeConfig } from './clouds.mjs';
import { flipOneBit, sameAs } from './files.mjs';
import { failed, heading, indent, prompt, say } from './narrator.mjs';
import { endProcesses, run } from './run.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'keyfold-demo-'));
const startedAt = performance.now();

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    endProcesses();
    rmSync(folder, { recursive: true, force: true });
    process.exit(128 + constants.signals[signal]);
  });
}

try {
  await tell();
  heading('✓', `Done in ${((performance.now() - startedAt) / 1000).toFixed(0)} s. README.md tells how to do the same in a program.`);
} catch (error) {
  failed(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  endProcesses();
  rmSync(folder, { recursive: true, force: true });
}

async function tell() {
  for (const name of ['report.md', 'minutes.md']) await cp(join(repository, 'docs/spec/envelope-v1.md'), join(folder, name));
  const original = await readFile(join(folder, 'report.md'));
  mkdirSync(join(folder, 'vault'));
  mkdirSync(join(folder, 'safe'));

  heading('1', 'Three clouds on this machine, and a key in a safe');
  const clouds = await startClouds(folder);
  const place = { folder, env: clouds.env };
  await run(place, 'keyfold keygen rsa --name break-glass -o safe/break-glass.pem --public break-glass.pub.pem');
  prompt('cat keyfold.config.json');
  indent(await writeConfig(folder, clouds.ready));
  say('"all" writes: under every key, or at least under keys of three providers, among them the one in the safe.');

  heading('2', 'Encrypt a file under all five keys. Any one of them opens it');
  await run(place, 'keyfold encrypt report.md -o vault/report.keyfold', { shows: [/break-glass/] });
  await run(place, 'keyfold inspect vault/report.keyfold', { shows: [/eu-central-1/, /us-east-1/, /azure-keyvault/, /gcp-kms/, /break-glass/] });
  say('And if …? "drill" answers from headers, without a key.');
  const worst = '"no cloud at all=provider:aws-kms provider:gcp-kms provider:azure-keyvault"';
  await run(place, `keyfold drill --no-pairs --lose ${worst} vault | head -16`, { shows: [/^✓/, /no cloud at all/] });

  heading('3', 'Frankfurt goes dark. Reading goes on');
  await clouds.control('POST', '/regions/eu-central-1/down');
  await run(place, 'keyfold decrypt --trace vault/report.keyfold -o copy-1.md', {
    shows: [/eu-central-1\S*: asked to unwrap/, /us-east-1\S*: answered after/],
  });
  await sameAs(original, join(folder, 'copy-1.md'));

  heading('4', 'Google Cloud too. Writing goes on, and the envelope says what it lacks');
  await clouds.control('POST', '/regions/europe-west3/down');
  await run(place, 'keyfold encrypt minutes.md -o vault/minutes.keyfold', { shows: [/keyfold repair/] });
  await run(place, 'keyfold inspect vault/minutes.keyfold', { shows: [/pending +arn:aws:kms:eu-central-1/, /pending +projects/] });
  await run(place, 'keyfold drill --fail-on-pending vault | head -5', { code: 8, shows: [/1 envelope waits for repair/] });

  heading('5', 'The worst day: no cloud answers. The key comes out of the safe');
  await clouds.control('POST', '/regions/us-east-1/down');
  await clouds.control('POST', '/regions/westeurope/down');
  await run(place, 'keyfold decrypt vault/minutes.keyfold -o copy-2.md', { code: 6, shows: [/us-east-1/, /azure-keyvault/] });
  await run(place, 'keyfold decrypt -k local-raw:safe/break-glass.pem vault/minutes.keyfold -o copy-2.md');
  await sameAs(original, join(folder, 'copy-2.md'));

  heading('6', 'The clouds are back. Repair what was written without them');
  await clouds.control('DELETE', '/faults');
  await run(place, 'keyfold repair vault', { shows: [/1 file repaired/] });
  say('The data was not decrypted for that: the keys are in the header.');
  await run(place, 'keyfold drill --fail-on-pending vault | head -5', { shows: [/^✓ All 2 envelopes/] });

  heading('7', 'Nothing but what was written is ever given back');
  await run(place, 'keyfold decrypt -c tenant=globex vault/report.keyfold -o copy-3.md', { code: 3 });
  const position = await flipOneBit(join(folder, 'vault/report.keyfold'), join(folder, 'flipped.keyfold'));
  say(`flipped.keyfold is report.keyfold with one bit of byte ${position.toLocaleString('en')} flipped:`);
  await run(place, 'keyfold decrypt flipped.keyfold -o copy-3.md', { code: 4 });
  await clouds.stop();
}
