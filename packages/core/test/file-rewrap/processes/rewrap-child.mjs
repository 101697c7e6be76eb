// A process of its own that rewraps a file, as its argument says in JSON: as often as it says, each time with the same
// keyrings. It writes a line for each time.
import { rewrapFile } from '@keyfold/core/node';
import { namedKeyring } from './named-keyring.mjs';

/** @type {{ path: string, opens: string, wraps?: string, removes?: string, times?: number, options?: object }} */
const { path, opens, wraps, removes, times = 1, options } = JSON.parse(process.argv[2] ?? '');
for (let i = 0; i < times; i++) {
  try {
    const { written, revision } = await rewrapFile(path, {
      keyring: namedKeyring(opens),
      ...(wraps === undefined ? {} : { wrapWith: namedKeyring(wraps) }),
      ...(removes === undefined ? {} : { remove: [{ provider: 'named', keyId: removes }] }),
      ...options,
    });
    process.stdout.write(`${written} ${revision}\n`);
  } catch (error) {
    const { code, message } = /** @type {{ code: string, message: string }} */ (error);
    process.stdout.write(`${code} ${message.split('\n')[0]}\n`);
  }
}
