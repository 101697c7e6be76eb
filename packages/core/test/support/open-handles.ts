import { readdirSync, readlinkSync } from 'node:fs';

/** The files under `folder` that this process has open. On Linux; elsewhere none are seen. */
export function openFilesIn(folder: string): string[] {
  let descriptors: string[];
  try {
    descriptors = readdirSync('/proc/self/fd');
  } catch {
    return [];
  }
  return descriptors.map(targetOf).filter((path) => path.startsWith(folder));
}

function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return '';
  }
}
