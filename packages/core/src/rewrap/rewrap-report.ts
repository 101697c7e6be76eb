import { invalidArgument } from '../errors/throw.js';
import { isKeyfoldError } from '../errors/keyfold-error.js';

/** How far a bulk rewrap is, as data that can be kept as JSON. */
export interface RewrapReport {
  /** Everything up to and including this id has ended. */
  readonly resumeAfter?: string;
  readonly rewrapped: number;
  readonly unchanged: number;
  readonly failed: readonly { readonly id: string; readonly code: string; readonly message: string }[];
}

/** What became of one header, as a report counts it. */
export interface Ended {
  readonly id: string;
  readonly status: 'rewrapped' | 'unchanged' | 'failed';
  readonly error?: unknown;
}

/** Counts what ends, one after the other, on top of what an earlier run has counted. */
export class ReportKeeper {
  /** What failed in an earlier run, and is tried again. */
  readonly retried: ReadonlySet<string>;
  #report: RewrapReport;

  /** Throws `invalid-argument` for what is no report. */
  constructor(earlier: RewrapReport | undefined) {
    this.#report = earlier === undefined ? { rewrapped: 0, unchanged: 0, failed: [] } : assertReport(earlier);
    this.retried = new Set(this.#report.failed.map(({ id }) => id));
  }

  get report(): RewrapReport {
    return this.#report;
  }

  /** The report with one more in it. */
  add({ id, status, error }: Ended): RewrapReport {
    const { resumeAfter, rewrapped, unchanged, failed } = this.#report;
    const isRetried = this.retried.has(id);
    // One that is tried again lies before the place where the earlier run ended.
    const place = isRetried ? resumeAfter : id;
    const others = isRetried ? failed.filter((failure) => failure.id !== id) : failed;
    this.#report = {
      ...(place === undefined ? {} : { resumeAfter: place }),
      rewrapped: rewrapped + (status === 'rewrapped' ? 1 : 0),
      unchanged: unchanged + (status === 'unchanged' ? 1 : 0),
      failed: status === 'failed' ? [...others, { id, ...describe(error) }] : others,
    };
    return this.#report;
  }
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  const code = isKeyfoldError(error) ? error.code : 'unknown';
  return { code, message: error instanceof Error ? error.message : String(error) };
}

/** A report may come from a file that somebody has edited. */
function assertReport(report: RewrapReport): RewrapReport {
  const { resumeAfter, rewrapped, unchanged, failed } = Object(report) as Partial<Record<keyof RewrapReport, unknown>>;
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const isId = (value: unknown): boolean => typeof value === 'string';
  const failures = Array.isArray(failed) ? (failed as readonly ({ readonly id?: unknown } | null)[]) : [null];
  const isReport =
    isCount(rewrapped) && isCount(unchanged) && (resumeAfter === undefined || isId(resumeAfter)) && failures.every((one) => isId(one?.id));
  if (!isReport) throw invalidArgument('options.resume', 'pass the report of an earlier run as it was.');
  return report;
}
