import type { ContextEntry, EnvelopeInfo, WrappedKeyInfo } from '@keyfold/core';
import type { Colors } from './colors.js';
import { printableLine } from './printable.js';
import { formatExactSize, formatSize } from './sizes.js';
import { alignColumns } from './table.js';

const ALGORITHMS_OF_SUITE: Readonly<Record<number, string>> = { 1: 'AES-256-GCM, HKDF-SHA-512, HMAC-SHA-256' };

/** Everything that a header says, for people: labels on the left, one fact a line. */
export function describeEnvelope(name: string, info: EnvelopeInfo, colors: Colors): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Format', [`envelope version ${info.formatVersion}, suite ${info.suite}: ${ALGORITHMS_OF_SUITE[info.suite] ?? 'unknown'}`]],
    ['Message', [info.messageId]],
    ['Plaintext', [describePlaintext(info)]],
    ['Header', [describeHeader(info)]],
    ['Context', describeContext(info.context, colors)],
    ['Keys', describeKeys(info.wrappedKeys, colors)],
  ];
  const lines = sections.flatMap(([label, facts]) =>
    facts.map((fact, i) => `${colors.dim((i === 0 ? label : '').padEnd(11))}${fact}`.trimEnd()),
  );
  const caution = colors.dim('None of this is authenticated before the envelope is opened.');
  return `${colors.bold(printableLine(name))}\n\n${lines.join('\n')}\n\n${caution}\n`;
}

function describePlaintext({ payload, segmentSize }: EnvelopeInfo): string {
  const segment = formatSize(segmentSize);
  if (payload === undefined) return `not here, or of unknown length; in segments of ${segment}`;
  const segments = payload.segments === 1 ? '1 segment' : `${payload.segments.toLocaleString('en-US')} segments`;
  return `${formatExactSize(payload.plaintextLength)} in ${segments} of ${payload.segments === 1 ? 'up to ' : ''}${segment}`;
}

function describeHeader({ headerLength, headerPadding, revision }: EnvelopeInfo): string {
  const padding = headerPadding > 0 ? `, ${formatExactSize(headerPadding)} of it to spare` : '';
  const rewraps = revision === 0 ? 'keys as first written' : `keys replaced ${revision} ${revision === 1 ? 'time' : 'times'}`;
  return `${formatExactSize(headerLength)}${padding}; ${rewraps}`;
}

function describeContext(entries: readonly ContextEntry[], colors: Colors): string[] {
  if (entries.length === 0) return ['none'];
  return alignColumns(
    entries.map(({ key, kind, value }) => [
      printableLine(key),
      kind === 'embedded' ? `= ${printableLine(value)}` : `= ${colors.yellow('external: not stored, needed to decrypt')}`,
    ]),
  );
}

function describeKeys(keys: readonly WrappedKeyInfo[], colors: Colors): string[] {
  const rows = alignColumns(keys.map((key) => [key.provider, key.pending ? 'pending' : key.algorithm, nameOf(key)]));
  return keys.flatMap((key, i) => {
    const row = rows[i] ?? '';
    if (key.pending) return [colors.yellow(row), colors.yellow('  was out of reach when the envelope was written, and does not open it')];
    if (key.quorum === undefined) return [row];
    const { threshold, shares } = key.quorum;
    return [
      `${row}: any ${threshold} of ${shares.length} shares`,
      ...shares.flatMap((share) =>
        describeKeys(share.wrappedKeys, colors).map((line, j) => `  ${j === 0 ? `share ${share.index}` : ''.padEnd(7)}  ${line}`),
      ),
    ];
  });
}

function nameOf({ keyId, keyVersion }: WrappedKeyInfo): string {
  return keyVersion === '' ? keyId : `${keyId} version ${keyVersion}`;
}
