import type { WriteStream } from 'node:tty';
import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours where the stream is a terminal that has them and the user did not forbid them (NO_COLOR, TERM=dumb). */
export function colorsFor(stream: WriteStream): Colors {
  // A stream that is no terminal has no `isTTY` at all, and for `undefined` the library would decide by CI and FORCE_COLOR.
  return pc.createColors(stream.isTTY ? stream.hasColors() : false);
}
