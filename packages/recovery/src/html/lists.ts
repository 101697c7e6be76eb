import type { DrilledScenario, DrillReport } from '../drill-report.js';
import { valuesOf } from '../domains/domains.js';
import { nameOfKek } from '../domains/key-directory.js';
import { counted } from '../verdict/requirement.js';
import type { Envelopes } from '../survey/survey.js';
import { html, NOTHING } from './markup.js';
import type { Markup } from './markup.js';

/** Lists of envelopes at most: those of the worst losses. */
const MAX_LISTS = 8;
/** Ids in one list, at most; the report itself, as data, has more. */
const MAX_IDS = 60;

/** The envelopes that some loss takes. Losses that take the same ones share a list; pairs are listed where nothing less takes any. */
export function atRisk({ scenarios }: DrillReport): Markup {
  const single = scenarios.filter(({ size, gone }) => size < 2 && gone.count > 0);
  const listed = single.length > 0 ? single : scenarios.filter(({ gone }) => gone.count > 0);
  const byEnvelopes = new Map<string, DrilledScenario[]>();
  for (const scenario of listed) {
    const name = JSON.stringify([scenario.gone.count, [...scenario.gone.ids].sort()]);
    byEnvelopes.set(name, [...(byEnvelopes.get(name) ?? []), scenario]);
  }
  const lists = [...byEnvelopes.values()].sort(([a], [b]) => (b?.gone.count ?? 0) - (a?.gone.count ?? 0));
  if (lists.length === 0) return NOTHING;
  const left = lists.length - MAX_LISTS;
  return html`<h2>Envelopes at risk</h2>
<p class="soft">Rewrap them under another key as well: <code>keyfold rewrap --wrap-with</code>.</p>
${lists.slice(0, MAX_LISTS).map((losses) => {
    const gone = losses[0]?.gone ?? { count: 0, ids: [] };
    return html`<h3>${counted(gone.count, 'envelope is', 'envelopes are')} lost with <bdi>${listOf(losses.map(({ name }) => name))}</bdi></h3>
${ids(gone)}`;
  })}${left > 0 ? html`<p class="soft">${counted(left, 'more loss takes', 'more losses take')} other envelopes; the matrix has the numbers.</p>` : NOTHING}`;
}

function listOf(names: readonly string[]): string {
  const more = names.length - 4;
  return more > 0 ? `${names.slice(0, 4).join(', or ')}, or ${more} other losses` : names.join(', or ');
}

/** Envelopes that did not open, although they should have. */
export function notOpened({ scenarios }: DrillReport): Markup {
  const failing = scenarios.filter((scenario): scenario is DrilledScenario & Required<Pick<DrilledScenario, 'unwrapped'>> => (scenario.unwrapped?.failed ?? 0) > 0);
  if (failing.length === 0) return NOTHING;
  return html`<h2>Did not open</h2>
<p class="soft">Their headers say that these open in the scenario, and the keys at hand did not open them.</p>
<div class="card"><table><thead><tr><th scope="col">Envelope</th><th scope="col">Lost</th><th scope="col">What came of it</th></tr></thead><tbody>
${failing.slice(0, MAX_LISTS).flatMap(({ name, unwrapped }) => unwrapped.failures.slice(0, 10).map(({ id, code, message }) => html`<tr><td><code>${id}</code></td><td><bdi>${name}</bdi></td><td>${code}: ${message}</td></tr>
`))}</tbody></table></div>`;
}

export function waiting({ pending, keys }: DrillReport): Markup {
  if (pending.count === 0) return NOTHING;
  const wanted = keys.filter((key) => key.pending > 0);
  return html`<h2>Waiting for repair</h2>
<p>${counted(pending.count, 'envelope was', 'envelopes were')} written while a key was out of reach. Until <code>keyfold repair</code> has run, ${pending.count === 1 ? 'it does' : 'they do'} not have that key:</p>
<div class="card"><table><thead><tr><th scope="col">Key</th><th scope="col" class="n">Envelopes that want it</th></tr></thead><tbody>
${wanted.map((key) => html`<tr><td><code>${nameOfKek(key)}</code></td><td class="n">${key.pending}</td></tr>
`)}</tbody></table></div>
<h3>The envelopes</h3>
${ids(pending)}`;
}

export function unreadable({ unreadable: { count, headers } }: DrillReport): Markup {
  if (count === 0) return NOTHING;
  const left = count - headers.length;
  return html`<h2>Not read</h2>
<p>Of ${counted(count, 'envelope', 'envelopes')} it is not known which keys open ${count === 1 ? 'it' : 'them'}.</p>
<div class="card"><table><thead><tr><th scope="col">Envelope</th><th scope="col">Why</th></tr></thead><tbody>
${headers.map(({ id, code, message }) => html`<tr><td><code>${id}</code></td><td>${code}: ${message}</td></tr>
`)}${left > 0 ? html`<tr class="more"><td colspan="2">and ${left} more</td></tr>` : NOTHING}</tbody></table></div>`;
}

/** Keys that are listed, at most. */
const MAX_KEYS = 100;

export function keyTable({ keys, kinds }: DrillReport): Markup {
  if (keys.length === 0) return NOTHING;
  const shown = kinds.filter((kind) => kind !== 'key' && kind !== 'provider');
  const left = keys.length - MAX_KEYS;
  return html`<h2>The keys</h2>
<div class="card"><table><thead><tr><th scope="col">Key</th>${shown.map((kind) => html`<th scope="col">${kind}</th>`)}<th scope="col" class="n">Helps to open</th><th scope="col" class="n">Pending in</th></tr></thead><tbody>
${keys.slice(0, MAX_KEYS).map((key) => html`<tr><td><code>${nameOfKek(key)}</code></td>${shown.map((kind) => html`<td><bdi>${valuesOf(key.domains, kind).join(', ') || '–'}</bdi></td>`)}<td class="n">${key.envelopes}</td>${key.pending === 0 ? html`<td class="n zero">0</td>` : html`<td class="n warn"><b>${key.pending}</b></td>`}</tr>
`)}${left > 0 ? html`<tr class="more"><td colspan="${String(shown.length + 3)}">and ${left} more</td></tr>` : NOTHING}</tbody></table></div>`;
}

function ids({ count, ids: listed }: Envelopes): Markup {
  const shown = listed.slice(0, MAX_IDS);
  const left = count - shown.length;
  return html`<ul class="card ids">${shown.map((id) => html`<li>${id}</li>`)}${left > 0 ? html`<li class="soft">and ${left} more</li>` : NOTHING}</ul>
`;
}
