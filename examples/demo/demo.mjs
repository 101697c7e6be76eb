// `npm run demo`: a real file, encrypted under two keys and opened with each of them alone, by the command that people
// use. Everything happens in a temporary folder, which is removed in the end.
import { randomInt } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { heading, ok, say } from './narrator.mjs';
import { run } from './run.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'keyfold-demo-'));
const startedAt = performance.now();

try {
  const original = await readFile(join(repository, 'docs/spec/envelope-v1.md'));
  await writeFile(join(folder, 'report.md'), original);

  heading('1', 'Two keys: one for every day, and one for the day when that is lost');
  await run(folder, 'keyfold keygen --name app-2026 -o app.key');
  await run(folder, 'keyfold keygen rsa --name break-glass -o break-glass.pem');
  say('break-glass.pem goes to a safe. Its public half is enough to encrypt, so it never has to come back for that.');

  heading('2', `Encrypt a file of ${original.length.toLocaleString('en')} bytes under both`);
  await run(
    folder,
    'keyfold encrypt -k local-raw:app.key -k local-raw:break-glass.pub.pem -c tenant=acme report.md',
  );

  heading('3', 'What is inside? No key is needed to see it');
  await run(folder, 'keyfold inspect report.md.keyfold');

  heading('4', 'Each key alone opens it');
  await run(folder, 'keyfold decrypt -k local-raw:app.key -c tenant=acme report.md.keyfold -o by-app.md');
  await sameAs(original, join(folder, 'by-app.md'));
  await rm(join(folder, 'app.key'));
  say('Now app.key is gone. The break-glass key comes out of the safe:');
  await run(folder, 'keyfold decrypt -k local-raw:break-glass.pem -c tenant=acme report.md.keyfold -o by-rsa.md');
  await sameAs(original, join(folder, 'by-rsa.md'));

  heading('5', 'Nothing but what was written is ever given back');
  await run(folder, 'keyfold decrypt -k local-raw:break-glass.pem -c tenant=globex report.md.keyfold -o x.md', 3);
  const position = await flipOneBit(join(folder, 'report.md.keyfold'), join(folder, 'flipped.keyfold'));
  say(`flipped.keyfold is report.md.keyfold with one bit of byte ${position.toLocaleString('en')} flipped:`);
  await run(folder, 'keyfold decrypt -k local-raw:break-glass.pem -c tenant=acme flipped.keyfold -o y.md', 4);

  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  heading('✓', `Done in ${seconds} seconds. README.md tells how to do the same in a program.`);
} finally {
  await rm(folder, { recursive: true });
}

/**
 * @param {Buffer} expected
 * @param {string} file
 */
async function sameAs(expected, file) {
  if (!expected.equals(await readFile(file))) throw new Error(`${file} differs from what was encrypted.`);
  ok('the same bytes as before');
}

/**
 * Flips a bit somewhere in the payload.
 *
 * @param {string} source
 * @param {string} target
 */
async function flipOneBit(source, target) {
  await cp(source, target);
  const bytes = await readFile(target);
  const position = bytes.length - 1 - randomInt(10_000);
  bytes[position] = (bytes[position] ?? 0) ^ (1 << randomInt(8));
  await writeFile(target, bytes);
  return position;
}
