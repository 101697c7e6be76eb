import type { DrilledScenario, DrillReport } from '../drill-report.js';
import { html, NOTHING } from './markup.js';
import type { Markup } from './markup.js';

/** One square for each kind of loss: what the worst of its kind does. */
export function atAGlance(report: DrillReport): Markup {
  if (report.kinds.length === 0) return NOTHING;
  const hasPairs = report.scenarios.some(({ size }) => size === 2) || report.pairsLeftOut.length > 0;
  return html`<h2>At a glance</h2>
<p class="soft">The worst that one loss of a kind${hasPairs ? ', or two at once,' : ''} would do.</p>
<div class="card"><table class="glance">
<thead><tr><th scope="col">What is lost</th><th scope="col">Any one</th>${hasPairs ? html`<th scope="col">Any two at once</th>` : NOTHING}</tr></thead>
<tbody>
${report.kinds.map((kind) => html`<tr><th scope="row">${capital(kind)}</th><td>${square(report, kind, 1)}</td>${hasPairs ? html`<td>${square(report, kind, 2)}</td>` : NOTHING}</tr>
`)}</tbody></table></div>`;
}

/** Two lost at once do at least what each does alone. */
function square(report: DrillReport, kind: string, size: 1 | 2): Markup {
  if (size === 2 && report.pairsLeftOut.includes(kind)) return cell('none', '?', 'Too many pairs to look at', '');
  const singles = report.scenarios.filter((scenario) => scenario.kind === kind && scenario.size === 1);
  const all = report.scenarios.filter((scenario) => scenario.kind === kind && scenario.size >= 1 && scenario.size <= size);
  if (size === 2 && singles.length < 2) return cell('none', '–', `There is only one ${kind}`, '');
  const broken = all.filter(({ unwrapped }) => (unwrapped?.failed ?? 0) > 0);
  const worst = worstOf(all);
  if (worst !== undefined && worst.gone.count > 0) {
    return cell('red', '✗', `${share(worst.gone.count, report.envelopes)} lost`, `with ${worst.name}`);
  }
  const [first] = broken;
  if (first !== undefined) return cell('red', '✗', `${(first.unwrapped?.failed ?? 0).toLocaleString('en-US')} did not open`, `with ${first.name}`);
  const hanging = [...all].sort((a, b) => b.lastKey.count - a.lastKey.count)[0];
  if (hanging !== undefined && hanging.lastKey.count > 0) {
    return cell('amber', '▲', 'All still open', `${share(hanging.lastKey.count, report.envelopes)} would hang on one last key`);
  }
  return cell('green', '✓', 'All still open', 'with keys to spare');
}

function worstOf(scenarios: readonly DrilledScenario[]): DrilledScenario | undefined {
  return [...scenarios].sort((a, b) => b.gone.count - a.gone.count)[0];
}

function cell(colour: string, sign: string, text: string, detail: string): Markup {
  return html`<div class="cell ${colour}"><span class="sign" aria-hidden="true">${sign}</span><span><strong>${text}</strong>${detail === '' ? NOTHING : html`<small><bdi>${detail}</bdi></small>`}</span></div>`;
}

/** `37 of 1,204`, or `all 1,204`. */
function share(count: number, of: number): string {
  return count === of ? `All ${of.toLocaleString('en-US')}` : `${count.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
