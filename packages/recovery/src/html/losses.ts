import { formatSelector } from '../scenarios/selector.js';
import type { Scenario } from '../scenarios/scenario.js';
import { html, NOTHING } from './markup.js';
import type { Markup } from './markup.js';

/** What a scenario takes, where the heading above says already of which kind it is. */
export function lossInSection({ kind, lost, name }: Scenario): Markup {
  if (kind === 'nothing') return html`Nothing is lost`;
  if (kind === 'named') return html`<strong><bdi>${name}</bdi></strong><small>${joined(lost.map((selector) => html`<bdi>${formatSelector(selector)}</bdi>`), ', ')}</small>`;
  return joined(lost.map((selector) => (kind === 'key' ? html`<code>${`${selector['provider'] ?? ''}:${selector['keyId'] ?? ''}`}</code>` : html`<bdi>${selector[kind] ?? ''}</bdi>`)), ' + ');
}

function joined(parts: readonly Markup[], between: string): Markup {
  return html`${parts.map((part, i) => html`${i === 0 ? NOTHING : between}${part}`)}`;
}
