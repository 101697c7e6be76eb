import type { OnProgress } from '@keyfold/core/node';
import { drill, htmlReport } from '@keyfold/recovery';
import type { DrillOptions, DrillReport, UnwrapOptions } from '@keyfold/recovery';
import { DrillHeaders } from '../bulk/drill-headers.js';
import { plannedDrill } from '../bulk/drill-options.js';
import type { DrillPlanOptions } from '../bulk/drill-options.js';
import { listFiles } from '../bulk/list-files.js';
import { readInteger } from '../bulk/read-integer.js';
import { loadConfig } from '../config/load-config.js';
import { EXIT } from '../errors/exit.js';
import { interruptible } from '../errors/interruptible.js';
import { usageError } from '../errors/usage-error.js';
import { assertWritable, writeSmallFile } from '../files/write-small-file.js';
import { chooseKeyring } from '../keyrings/choose-keyring.js';
import { contextToExpect } from '../options/context.js';
import type { ContextOptions } from '../options/context.js';
import { colorsFor } from '../terminal/colors.js';
import { describeDrill } from '../terminal/describe-drill.js';
import { describeUnreadable } from '../terminal/describe-keys.js';
import { formatCount } from '../terminal/sizes.js';
import type { Outcome, ReportOptions } from './outcome.js';
import { withProgressBar } from './progress.js';

export interface DrillCommandOptions extends ContextOptions, DrillPlanOptions, ReportOptions {
  readonly html?: string;
  readonly title?: string;
  readonly force?: boolean;
  readonly unwrap?: boolean;
  readonly sample?: string;
  readonly concurrency?: string;
  readonly key?: readonly string[];
  readonly config?: string | false;
}

/** `keyfold drill [paths…]`. */
export async function drillCommand(paths: readonly string[], options: DrillCommandOptions, signal: AbortSignal): Promise<Outcome> {
  const planned = await plannedDrill(options);
  const unwrap = await unwrapping(options);
  const { html, title } = options;
  if (html !== undefined) await assertWritable(html, options.force ?? false);
  const places = paths.length > 0 ? paths : ['.'];
  const { headers, report } = await interruptible(signal, 'before the drill was over; nothing was changed.', async () => {
    const files = await listFiles(places, signal);
    const work = async (onProgress: OnProgress | undefined): Promise<{ readonly headers: DrillHeaders; readonly report: DrillReport }> => {
      const source = new DrillHeaders(files, (bytes) => onProgress?.({ bytes, totalBytes: files.length }));
      const drillOptions: DrillOptions = { ...planned, signal, ...(unwrap === undefined ? {} : { unwrap }) };
      return { headers: source, report: await drill(source, drillOptions) };
    };
    return await withProgressBar('Drill', options, work, formatCount);
  });
  if (html !== undefined) {
    await writeSmallFile(html, await htmlReport(report, title === undefined ? {} : { title }), { mode: 0o666, overwrite: options.force ?? false });
  }
  const { passedOver, unreadable } = headers;
  return {
    json: { command: 'drill', paths: places, passedOver, html: html ?? null, ...report },
    answer: describeDrill(report, { passedOver, isRequired: planned.require !== undefined }, colorsFor(process.stdout)),
    ...(unreadable.length === 0 ? {} : { problems: describeUnreadable(unreadable, colorsFor(process.stderr)) }),
    ...(html === undefined ? {} : { summary: `The report is in ${html}.` }),
    exitCode: exitCodeOf(report, planned.require !== undefined),
  };
}

/** Without a requirement the drill informs; what could not be found out is told all the same. */
function exitCodeOf({ verdict, unreadable, unwrapped }: DrillReport, isRequired: boolean): number {
  if (isRequired) return verdict.holds ? EXIT.ok : EXIT.no;
  if ((unwrapped?.failed ?? 0) > 0) return EXIT.no;
  return unreadable.count > 0 ? EXIT.damaged : EXIT.ok;
}

async function unwrapping(options: DrillCommandOptions): Promise<UnwrapOptions | undefined> {
  const { unwrap, sample, key, context = [], concurrency } = options;
  if (unwrap !== true) {
    const given = Object.entries({ '--key': key, '--sample': sample, '--context': options.context, '--external-context': options.externalContext });
    const idle = given.find(([, value]) => value !== undefined);
    if (idle !== undefined) throw usageError(idle[0], 'this is about really opening envelopes; add --unwrap.');
    return undefined;
  }
  const config = await loadConfig(options.config);
  return {
    keyring: await chooseKeyring('decrypt', key ?? [], config),
    // A drill asks whether keys work, whatever the envelopes are for.
    context: contextToExpect({ ...options, anyContext: context.length === 0 }, config),
    sample: sample === 'all' ? 'all' : readInteger('--sample', sample ?? '5', 1, Number.MAX_SAFE_INTEGER),
    concurrency: readInteger('--concurrency', concurrency ?? '4', 1, 256),
  };
}
