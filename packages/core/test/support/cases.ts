/** How many cases a property test takes: all of them in CI, fewer on a developer's machine. */
export function cases(ci: number, local = Math.ceil(ci / 10)): number {
  return process.env['KEYFOLD_CI'] === undefined ? local : ci;
}
