// A process of its own that rewraps a file again and again, as its argument says in JSON, with keys of @keyfold/local-raw in a
// multi-keyring. It writes a line for each time.
import { multiKeyring } from '@keyfold/core';
import { rewrapFile } from '@keyfold/core/node';
import { rawAesKeyring } from '@keyfold/local-raw';

/** @type {{ path: string, keys: Record<string, string>, opens: string[], wraps: string[], removes: string[] }} */
const { path, keys, opens, wraps, removes } = JSON.parse(process.argv[2] ?? '');
/** @param {string[]} names */
const any = (names) => multiKeyring({ members: names.map((name) => rawAesKeyring({ name, key: Buffer.from(keys[name] ?? '', 'hex') })) });
for (;;) {
  try {
    const { written, revision } = await rewrapFile(path, {
      keyring: any(opens),
      wrapWith: any(wraps),
      remove: removes.map((keyId) => ({ provider: 'local-raw', keyId })),
      refresh: true,
      headerPadding: 300,
    });
    process.stdout.write(`${written} ${revision}\n`);
  } catch (error) {
    const { code, message } = /** @type {{ code?: string, message: string }} */ (error);
    process.stdout.write(`${code} ${message.split('\n')[0]}\n`);
  }
}
