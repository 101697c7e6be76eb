import type { EnvelopeInfo } from '@keyfold/core';
import { assertNoKeyFile } from '../bulk/key-file-mistaken.js';
import { fateOf, UsageCounter } from '../bulk/key-usage.js';
import { parseKeyPattern } from '../bulk/key-pattern.js';
import type { KeyPattern } from '../bulk/key-pattern.js';
import { listFiles } from '../bulk/list-files.js';
import { readEnvelopes } from '../bulk/read-envelopes.js';
import type { ReadEnvelopes } from '../bulk/read-envelopes.js';
import { EXIT } from '../errors/exit.js';
import { interruptible } from '../errors/interruptible.js';
import { usageError } from '../errors/usage-error.js';
import { colorsFor } from '../terminal/colors.js';
import { describeKeyUsage, describeUnreadable, describeVerdict } from '../terminal/describe-keys.js';
import { formatCount } from '../terminal/sizes.js';
import type { Outcome, ReportOptions } from './outcome.js';
import { withProgressBar } from './progress.js';

export interface KeysCommandOptions extends ReportOptions {
  readonly destroy?: readonly string[];
}

/** `keyfold keys [paths…]`: from headers alone, without any key. */
export async function keysCommand(paths: readonly string[], options: KeysCommandOptions, signal: AbortSignal): Promise<Outcome> {
  const destroyed = (options.destroy ?? []).map((text) => parseKeyPattern('--destroy', text));
  const places = paths.length > 0 ? paths : ['.'];
  const usage = new UsageCounter();
  const verdict = { envelopes: 0, lost: [] as string[] };
  const use = (path: string, envelope: EnvelopeInfo): void => {
    usage.add(envelope);
    const fate = fateOf(envelope, destroyed);
    if (fate !== 'untouched') verdict.envelopes++;
    if (fate === 'lost') verdict.lost.push(path);
  };
  const read = await interruptible(signal, 'before all headers were read.', async () => {
    const files = await listFiles(places, signal);
    return await withProgressBar(
      'Reading headers',
      options,
      async (onProgress) => {
        const onFile = (bytes: number): void => onProgress?.({ bytes, totalBytes: files.length });
        return await readEnvelopes(files, use, { onFile, signal });
      },
      formatCount,
    );
  });
  verdict.lost.sort();
  const keys = usage.rows();
  for (const pattern of destroyed) {
    if (!keys.some((key) => pattern.matches(key))) await assertNoKeyFile('--destroy', pattern);
  }
  return destroyed.length > 0 ? verdictOutcome(places, destroyed, read, verdict, usage) : usageOutcome(places, read, usage);
}

function usageOutcome(places: readonly string[], read: ReadEnvelopes, usage: UsageCounter): Outcome {
  const { envelopes, unreadable } = read;
  const keys = usage.rows();
  return {
    json: { command: 'keys', paths: places, ...read, keys },
    answer: describeKeyUsage(read, keys, colorsFor(process.stdout)),
    ...(unreadable.length === 0 ? {} : { problems: describeUnreadable(unreadable, colorsFor(process.stderr)) }),
    exitCode: unreadable.length > 0 ? EXIT.damaged : EXIT.ok,
    ...(envelopes === 0 ? { summary: `There is no envelope in ${places.join(', ')}.` } : {}),
  };
}

/** What was not read cannot be spoken for: with an unreadable header, no key is safe to destroy. */
function verdictOutcome(
  places: readonly string[],
  destroyed: readonly KeyPattern[],
  read: ReadEnvelopes,
  { envelopes, lost }: { readonly envelopes: number; readonly lost: readonly string[] },
  usage: UsageCounter,
): Outcome {
  if (read.envelopes === 0 && read.unreadable.length === 0) {
    throw usageError('paths', `there is no envelope in ${places.join(', ')}, which says nothing about the key; name where they are.`);
  }
  const safe = lost.length === 0 && read.unreadable.length === 0;
  const keys = destroyed.map(({ text }) => text);
  const verdict = { safe, keys, envelopes, lost };
  return {
    json: { command: 'keys', paths: places, read: read.envelopes, unreadable: read.unreadable, destroy: { ...verdict, unused: safe && envelopes === 0 } },
    answer: describeVerdict(verdict, read, usage.rows(), colorsFor(process.stdout)),
    ...(read.unreadable.length === 0 ? {} : { problems: describeUnreadable(read.unreadable, colorsFor(process.stderr)) }),
    exitCode: safe ? EXIT.ok : EXIT.no,
  };
}
