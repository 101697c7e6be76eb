import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { defineCheck } from './check.js';
import { defineDecrypt } from './decrypt.js';
import { defineDrill } from './drill.js';
import { defineEncrypt } from './encrypt.js';
import { defineInspect } from './inspect.js';
import { defineKeygen } from './keygen.js';
import { defineKeys } from './keys.js';
import { defineRepair } from './repair.js';
import { defineRewrap } from './rewrap.js';

const HELP = `
Examples:
  A key, a file encrypted under it, and the file back again
    $ keyfold keygen --name app-2026 -o app.key
    $ keyfold encrypt -k local-raw:app.key report.pdf
    $ keyfold decrypt -k local-raw:app.key report.pdf.keyfold -o copy.pdf

  A folder, so that an everyday key or an offline break-glass key opens it
    $ keyfold keygen rsa --name break-glass -o break-glass.pem
    $ tar c photos | keyfold encrypt -k local-raw:app.key \\
        -k local-raw:break-glass.pub.pem -o photos.tar.keyfold
    $ keyfold decrypt -k local-raw:break-glass.pem < photos.tar.keyfold | tar x

  What is inside, and which keys open it
    $ keyfold inspect photos.tar.keyfold

Exit codes:
  0  done                             5  file exists, or file system refused
  1  unexpected                       6  key service unavailable: try later
  2  wrong usage, nothing was done    7  from a newer release, or over a limit
  3  wrong key or context             130, 143  interrupted, terminated
  4  damaged or no envelope           8  the answer is no: keys, check,
                                         drill, repair
                                      141  the reader of stdout went away
`;

/**
 * The command line: what one can ask for, and which code does it. That code is loaded only once it is known which it is,
 * so that help and mistakes are answered at once.
 */
export function makeProgram(signal: AbortSignal): Command {
  const program = new Command('keyfold')
    .description('Encrypts files and pipes into Keyfold envelopes, and opens them again.')
    .usage('<command> [options]')
    .version(version(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this, or the help of a command')
    .helpCommand('help [command]', 'print the help of a command')
    // Errors are thrown and reported with all the others.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText('after', HELP);
  defineKeygen(program, signal);
  defineEncrypt(program, signal);
  defineDecrypt(program, signal);
  defineInspect(program, signal);
  defineRewrap(program, signal);
  defineRepair(program, signal);
  defineKeys(program, signal);
  defineCheck(program, signal);
  defineDrill(program, signal);
  return program;
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
