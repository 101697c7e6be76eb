// A process of its own that runs one operation on files, as its argument says in JSON. It writes a line when it starts and
// for each step of the progress, and in the end what came of it.
import { decryptFile, encryptFile } from '@keyfold/core/node';
import { fixedKeyring } from './fixed-keyring.mjs';

/** @type {{ operation: 'encrypt' | 'decrypt', source: string, target: string, keyHex: string, headerFile?: string, overwrite?: boolean, segmentSize?: number }} */
const { operation, source, target, keyHex, ...options } = JSON.parse(process.argv[2] ?? '');
const onProgress = () => process.stdout.write('progress\n');
process.stdout.write('started\n');
try {
  const run = operation === 'encrypt' ? encryptFile : decryptFile;
  await run(source, target, { keyring: fixedKeyring(keyHex), onProgress, ...options });
  process.stdout.write('done\n');
} catch (error) {
  const { code, details, cause } = /** @type {{ code: string, details: object, cause?: { code?: string } }} */ (error);
  process.stdout.write(`failed ${JSON.stringify({ code, details, cause: cause?.code })}\n`);
}
