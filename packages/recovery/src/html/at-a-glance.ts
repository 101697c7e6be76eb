import type { DrilledScenario, DrillReport } from '../drill-report.js';
import { html, NOTHING } from './markup.js';
import type { Markup } from './markup.js';

/** One square for each kind of loss: what the worst of its kind does. */
export function atAGlance(report: DrillReport): Markup {
  if (report.kinds.length === 0) return NOTHING;
  const hasPairs = report.pairs && report.keys.length > 1;
  return html`<h2>At a glance</h2>
<p class="soft">The worst that one loss of a kind${hasPairs ? ', or two at once,' : ''} would do.</p>
<div class="card"><table class="glance">
<thead><tr><th scope="col">What is lost</th><th scope="col">Any one</th>${hasPairs ? html`<th scope="col">Any two at once</th>` : NOTHING}</tr></thead>
<tbody>
${report.kinds.map((kind) => html`<tr><th scope="row">${kind.charAt(0).toUpperCase() + kind.slice(1)}</th>${square(report, kind, 1)}${hasPairs ? square(report, kind, 2) : NOTHING}</tr>
`)}</tbody></table></div>`;
}

function square(report: DrillReport, kind: string, size: 1 | 2): Markup {
  const { scenarios, envelopes } = report;
  const singles = scenarios.filter((scenario) => scenario.kind === kind && scenario.size === 1);
  if (size === 2 && report.pairsLeftOut.includes(kind)) return cell(size, 'none', '?', 'Too many pairs to look at', '');
  if (size === 2 && singles.length < 2) return cell(size, 'none', '–', `There is only one ${kind}`, '');
  const all = scenarios.filter((scenario) => scenario.kind === kind && scenario.size >= 1 && scenario.size <= size);
  const worst = size === 1 ? worstOf(singles) : worstOf([...all, ...apart(singles, all)]);
  if (worst !== undefined && worst.count > 0) return cell(size, 'red', '✗', `${share(worst.count, envelopes)} lost`, `with ${worst.name}`);
  const failing = all.find(({ unwrapped }) => (unwrapped?.failed ?? 0) > 0);
  if (failing !== undefined) return cell(size, 'red', '✗', `${(failing.unwrapped?.failed ?? 0).toLocaleString('en-US')} did not open`, `with ${failing.name}`);
  const hanging = Math.max(0, ...all.map(({ lastKey }) => lastKey.count));
  if (hanging > 0) return cell(size, 'amber', '▲', 'All still open', `${share(hanging, envelopes)} would hang on one last key`);
  return cell(size, 'green', '✓', 'All still open', 'with keys to spare');
}

interface Loss {
  readonly name: string;
  readonly count: number;
}

function worstOf(losses: readonly (Loss | DrilledScenario)[]): Loss | undefined {
  const all = losses.map((loss): Loss => ('gone' in loss ? { name: loss.name, count: loss.gone.count } : loss));
  return all.reduce<Loss | undefined>((worst, loss) => (worst === undefined || loss.count > worst.count ? loss : worst), undefined);
}

/** The worst pair of which no envelope has both: it takes what its two take alone. */
function apart(singles: readonly DrilledScenario[], all: readonly DrilledScenario[]): readonly Loss[] {
  const together = new Set(all.filter(({ size }) => size === 2).map(({ name }) => name));
  const sorted = singles.filter(({ gone }) => gone.count > 0).sort((a, b) => b.gone.count - a.gone.count);
  let worst: Loss | undefined;
  for (const [i, a] of sorted.entries()) {
    for (const b of sorted.slice(i + 1)) {
      const count = a.gone.count + b.gone.count;
      if (count <= (worst?.count ?? 0)) break;
      const names = [`${a.name} and ${b.name}`, `${b.name} and ${a.name}`];
      if (!names.some((name) => together.has(name))) worst = { name: names[0] ?? '', count };
    }
    if (2 * a.gone.count <= (worst?.count ?? 0)) break;
  }
  return worst === undefined ? [] : [worst];
}

function cell(size: 1 | 2, colour: string, sign: string, text: string, detail: string): Markup {
  const which = size === 1 ? 'Any one' : 'Any two at once';
  return html`<td class="${colour}"><div class="cell"><span class="sign" aria-hidden="true">${sign}</span><span><span class="which">${which}</span><strong>${text}</strong>${detail === '' ? NOTHING : html`<small><bdi>${detail}</bdi></small>`}</span></div></td>`;
}

/** `37 of 1,204`, or `All 1,204`. */
function share(count: number, of: number): string {
  return count === of ? `All ${of.toLocaleString('en-US')}` : `${count.toLocaleString('en-US')} of ${of.toLocaleString('en-US')}`;
}
