const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size for people: `17 bytes`, `1.5 MiB`, `128 KiB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 1023.7 KiB would be rounded to 1024 KiB.
  while (value >= (unit === 0 ? 1024 : 1023.5) && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return `${value.toFixed(value < 99.95 ? 1 : 0).replace(/\.0$/, '')} ${UNITS[unit] ?? ''}`;
}

/** A size to the byte, and for people where that is shorter: `1,572,864 bytes (1.5 MiB)`. */
export function formatExactSize(bytes: number): string {
  const exact = `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return bytes < 1024 ? exact : `${exact} (${formatSize(bytes)})`;
}

/** A time in seconds for people: `9 s`, `2:05`, `1:02:05`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  const hours = Math.floor(whole / 3600);
  if (hours > 0) return [hours, ...parts.map((part) => String(part).padStart(2, '0'))].join(':');
  return `${parts[0] ?? 0}:${String(parts[1] ?? 0).padStart(2, '0')}`;
}

/** A number of things for people, or how many of them a second: `12,345`, `3.5`. */
export function formatCount(count: number): string {
  return (count < 10 ? Math.round(count * 10) / 10 : Math.round(count)).toLocaleString('en-US');
}
