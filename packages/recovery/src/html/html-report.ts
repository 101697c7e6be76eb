import { primitives } from '@keyfold/core/keyring';
import type { DrillReport } from '../drill-report.js';
import { counted } from '../verdict/requirement.js';
import { atAGlance } from './at-a-glance.js';
import { atRisk, keyTable, notOpened, unreadable, waiting } from './lists.js';
import { html, NOTHING } from './markup.js';
import type { Markup } from './markup.js';
import { matrix } from './matrix.js';
import { STYLE } from './style.js';

/** What a report says beside what was found out. */
export interface HtmlReportOptions {
  /** What was drilled, for its heading. Default: `Recovery drill`. */
  readonly title?: string;
  /** When. Default: now. */
  readonly date?: Date;
}

const SIGNS = { green: '✓', amber: '▲', red: '✗' } as const;

/**
 * A drill's report as one HTML page: the verdict in a sentence, what each loss would leave, and the envelopes at risk. It
 * needs no script and no other resource, forbids both to itself by a content security policy, and escapes every name; it
 * prints well, and follows the reader's dark mode. Colours never stand alone.
 *
 * @returns the page's text, to be written as UTF-8
 * @throws `RangeError` for a `date` that is none
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * import { drill, htmlReport } from '@keyfold/recovery';
 *
 * await writeFile('drill.html', await htmlReport(await drill([]), { title: 'Invoices, production' }));
 * ```
 */
export async function htmlReport(report: DrillReport, { title = 'Recovery drill', date = new Date() }: HtmlReportOptions = {}): Promise<string> {
  const digest = await primitives.sha256(new TextEncoder().encode(STYLE));
  const policy = `default-src 'none'; style-src 'sha256-${btoa(String.fromCharCode(...digest))}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}: ${report.verdict.headline}</title>
<link rel="icon" href="data:,">
<style>${{ markup: STYLE }}</style>
</head>
<body>
<main>
${banner(report, title, date)}
${requirements(report)}
${atAGlance(report)}
${matrix(report)}
${notOpened(report)}
${atRisk(report)}
${waiting(report)}
${unreadable(report)}
${keyTable(report)}
<h2>What this rests on</h2>
<ul class="notes">
${report.assumptions.map((sentence) => html`<li>${sentence}</li>
`)}</ul>
</main>
</body>
</html>
`;
  return page.markup;
}

function banner({ verdict, envelopes, keys, scenarios, unwrapped }: DrillReport, title: string, date: Date): Markup {
  const facts = [
    counted(envelopes, 'envelope', 'envelopes'),
    counted(keys.length, 'key', 'keys'),
    counted(scenarios.length - 1, 'loss looked at', 'losses looked at'),
    unwrapped === undefined ? 'from headers alone' : `${counted(unwrapped.tried, 'envelope', 'envelopes')} really opened`,
    `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  ];
  return html`<h1><bdi>${title}</bdi></h1>
<div class="verdict ${verdict.level}"><span class="sign" aria-hidden="true">${SIGNS[verdict.level]}</span><p><bdi>${verdict.headline}</bdi><small>${facts.join(' · ')}</small></p></div>`;
}

/** Those that do not hold say why; of the others there is no more to say. */
function requirements({ verdict }: DrillReport): Markup {
  if (verdict.requirements.length === 0) return NOTHING;
  const sorted = [...verdict.requirements].sort((a, b) => Number(a.holds) - Number(b.holds));
  return html`<ul class="required" aria-label="What is required">
${sorted.map(({ require, holds, reason }) => html`<li class="${holds ? 'held' : 'broken'}"><span class="chip ${holds ? 'green' : 'red'}">${holds ? '✓' : '✗'} <bdi>${require}</bdi></span>${reason === undefined ? NOTHING : html`<span class="soft"><bdi>${reason}</bdi></span>`}</li>
`)}</ul>`;
}
