import type { DrilledScenario, DrillReport } from '../drill-report.js';
import { lossInSection } from './losses.js';
import { html, NOTHING } from './markup.js';
import type { Markup } from './markup.js';

/** Rows of one section, at most: the worst ones. */
const MAX_ROWS = 40;

/** Every scenario in a row: what remains of the envelopes. */
export function matrix(report: DrillReport): Markup {
  const opened = report.unwrapped !== undefined;
  const columns = opened ? 7 : 6;
  return html`<h2>What remains after each loss</h2>
<p class="legend"><span><b class="ok">✓</b> every envelope still opens</span><span><b class="warn">▲</b> every one opens, some hang on one last key</span><span><b class="bad">✗</b> some are lost</span></p>
<div class="card"><table>
<thead><tr><th class="state"></th><th scope="col">Lost</th><th scope="col" class="bar">Remains</th><th scope="col" class="n">Still open</th><th scope="col" class="n">On one last key</th><th scope="col" class="n">Lost for good</th>${opened ? html`<th scope="col" class="n">Really opened</th>` : NOTHING}</tr></thead>
<tbody>
${sectionsOf(report).map(({ title, rows }) => section(title, rows, report.envelopes, columns))}</tbody></table></div>`;
}

interface Section {
  readonly title: string;
  readonly rows: readonly DrilledScenario[];
}

function sectionsOf({ scenarios, kinds }: DrillReport): readonly Section[] {
  const of = (kind: string, size: number): readonly DrilledScenario[] => scenarios.filter((scenario) => scenario.kind === kind && scenario.size === size);
  return [
    { title: 'As things are', rows: of('nothing', 0) },
    { title: 'Scenarios of your own', rows: of('named', 0) },
    ...kinds.map((kind) => ({ title: `Any one ${kind}`, rows: of(kind, 1) })),
    ...kinds.map((kind) => ({ title: `Any two ${kind}s that stand in one envelope`, rows: of(kind, 2) })),
  ].filter(({ rows }) => rows.length > 0);
}

function section(title: string, rows: readonly DrilledScenario[], envelopes: number, columns: number): Markup {
  const failed = ({ unwrapped }: DrilledScenario): number => unwrapped?.failed ?? 0;
  const sorted = [...rows].sort((a, b) => b.gone.count - a.gone.count || failed(b) - failed(a) || b.lastKey.count - a.lastKey.count);
  const hidden = sorted.slice(MAX_ROWS);
  const lossy = hidden.filter(({ gone }) => gone.count > 0).length;
  return html`<tr><th scope="rowgroup" class="group" colspan="${String(columns)}">${title}</th></tr>
${sorted.slice(0, MAX_ROWS).map((scenario) => row(scenario, envelopes, columns === 7))}${
    hidden.length === 0 ? NOTHING : html`<tr class="more"><td></td><td colspan="${String(columns - 1)}">and ${hidden.length} more, of which ${lossy === 0 ? 'none loses anything' : html`${lossy} lose something`}</td></tr>
`
  }`;
}

function row(scenario: DrilledScenario, envelopes: number, opened: boolean): Markup {
  const { opens, lastKey, gone, keys, kind, unwrapped } = scenario;
  const failed = unwrapped?.failed ?? 0;
  const [state, sign, words] = gone.count > 0 ? ['bad', '✗', 'some are lost'] : failed > 0 ? ['bad', '✗', 'some did not open'] : lastKey.count > 0 ? ['warn', '▲', 'some hang on one last key'] : ['ok', '✓', 'all still open'];
  const warning = kind === 'named' && keys === 0 ? html`<small class="warn">No key of these envelopes is lost in it: check how it names them.</small>` : NOTHING;
  return html`<tr><td class="state ${state}" title="${words}">${sign}</td><th scope="row">${lossInSection(scenario)}${warning}</th><td class="bar">${bar(envelopes, opens - lastKey.count, lastKey.count, gone.count)}</td><td class="n">${opens}</td>${number(lastKey.count, 'warn')}${number(gone.count, 'bad')}${
    opened ? html`<td class="n">${unwrapped === undefined ? '–' : failed > 0 ? html`<b class="bad">${unwrapped.opened} of ${unwrapped.tried}</b>` : html`${unwrapped.opened} of ${unwrapped.tried}`}</td>` : NOTHING
  }</tr>
`;
}

function number(count: number, colour: string): Markup {
  return count === 0 ? html`<td class="n zero">0</td>` : html`<td class="n ${colour}"><b>${count}</b></td>`;
}

/** What is left, as a bar: width stands in attributes, which no content security policy forbids. */
function bar(total: number, ok: number, warn: number, bad: number): Markup {
  if (total === 0) return NOTHING;
  const parts: Markup[] = [];
  let x = 0;
  for (const [count, colour] of [[ok, 'f-ok'], [warn, 'f-warn'], [bad, 'f-bad']] as const) {
    // What is there is seen, however little of the whole it is.
    const width = count === 0 ? 0 : Math.max(2, Math.round((count / total) * 1000) / 10);
    if (width > 0) parts.push(html`<rect x="${String(x)}" y="0" width="${String(width)}" height="10" class="${colour}"/>`);
    x += width;
  }
  return html`<svg viewBox="0 0 ${String(Math.max(x, 1))} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts}</svg>`;
}
