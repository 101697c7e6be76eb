import { formatDuration, formatSize } from './sizes.js';

export interface ProgressState {
  readonly name: string;
  readonly bytes: number;
  readonly totalBytes: number | undefined;
  readonly bytesPerSecond: number;
  /** Since the work began. */
  readonly seconds: number;
  /** How an amount is written where the work is not counted in bytes. */
  readonly format?: (amount: number) => string;
}

const WIDEST_BAR = 30;
const NARROWEST_BAR = 8;

/**
 * One line of at most `columns - 1` characters: a terminal may wrap when its last column is written. With a known total a
 * bar, percentage, rate and time left; else bytes so far, rate and time since the start. What does not fit is left out,
 * the name first shortened.
 */
export function renderProgress(state: ProgressState, columns: number): string {
  const width = (columns > 0 ? columns : 80) - 1;
  const figures = state.totalBytes === undefined ? openFigures(state) : closedFigures(state, state.totalBytes);
  const nameRoom = width - figures.length - 2;
  if (nameRoom < 4) return figures.slice(0, width);
  const name = shorten(state.name, Math.min(nameRoom, 40));
  const bar = state.totalBytes === undefined ? '' : drawBar(state.bytes / state.totalBytes, nameRoom - name.length - 2);
  return bar === '' ? `${name}  ${figures}` : `${name}  ${bar}  ${figures}`;
}

function closedFigures(state: ProgressState, total: number): string {
  const format = state.format ?? formatSize;
  const percent = String(Math.floor((100 * state.bytes) / total)).padStart(3);
  const left = state.bytesPerSecond > 0 ? formatDuration((total - state.bytes) / state.bytesPerSecond) : '?';
  return `${percent} %  ${format(state.bytes)} of ${format(total)}  ${format(state.bytesPerSecond)}/s  ${left} left`;
}

function openFigures(state: ProgressState): string {
  return `${formatSize(state.bytes)}  ${formatSize(state.bytesPerSecond)}/s  ${formatDuration(state.seconds)}`;
}

function drawBar(part: number, room: number): string {
  const length = Math.min(WIDEST_BAR, room);
  if (length < NARROWEST_BAR) return '';
  const full = Math.round(Math.min(1, part) * length);
  return '█'.repeat(full) + '░'.repeat(length - full);
}

/** A long name keeps its end, which tells files apart. */
function shorten(name: string, room: number): string {
  return name.length <= room ? name : `…${name.slice(name.length - room + 1)}`;
}
