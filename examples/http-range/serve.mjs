// Serves the plaintext of an envelope in a file over HTTP, with ranges, so that a browser plays an encrypted video and seeks
// in it while nothing of it is ever decrypted on the disk:
//
//   node serve.mjs movie.mp4.keyfold app-2026 app.key 8080
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, extname } from 'node:path';
import { openEnvelope } from '@keyfold/core';
import { openFileSource } from '@keyfold/core/node';
import { rawAesKeyring } from '@keyfold/local-raw';
import { serveEnvelope } from './src/serve-envelope.mjs';

/** @type {Record<string, string>} */
const TYPES = { '.mp4': 'video/mp4', '.webm': 'video/webm', '.mp3': 'audio/mpeg', '.pdf': 'application/pdf', '.txt': 'text/plain; charset=utf-8' };

const [file, name, keyFile, port = '8080'] = process.argv.slice(2);
if (file === undefined || name === undefined || keyFile === undefined) {
  console.error('Usage: node serve.mjs <envelope> <name of the key> <its file> [port]');
  process.exit(2);
}

const source = await openFileSource(file);
const keyring = rawAesKeyring({ name, key: await readFile(keyFile, 'utf8') });
const reader = await openEnvelope(source, { keyring, context: 'unchecked', cacheSegments: 64 });
const type = TYPES[extname(file.replace(/\.keyfold$/, ''))] ?? 'application/octet-stream';
const serve = serveEnvelope(reader, { type });

const server = createServer((request, response) => {
  serve(request, response).catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    response.destroy();
  });
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`${basename(file)}: ${reader.length.toLocaleString('en')} bytes of ${type} at http://127.0.0.1:${port}/`);
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => {
    server.closeAllConnections();
    server.close(() => {
      reader.close();
      void source.close();
    });
  });
}
