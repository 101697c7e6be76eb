const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

/** Three digits that count. @param {number} value */
export function digits(value) {
  if (!Number.isFinite(value)) return '-';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** @param {number} milliseconds */
export function duration(milliseconds) {
  if (milliseconds >= 1000) return `${digits(milliseconds / 1000)} s`;
  return milliseconds >= 1 ? `${digits(milliseconds)} ms` : `${digits(milliseconds * 1000)} µs`;
}

/** @param {number} bytesPerSecond */
export function rate(bytesPerSecond) {
  if (bytesPerSecond === 0) return '-';
  return bytesPerSecond >= 1e9 ? `${digits(bytesPerSecond / 1e9)} GB/s` : `${digits(bytesPerSecond / 1e6)} MB/s`;
}

/** A power of two as it is spoken, e.g. `64 KiB`. @param {number} bytes */
export function size(bytes) {
  if (bytes >= GIB) return `${bytes / GIB} GiB`;
  return bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / KIB} KiB`;
}
