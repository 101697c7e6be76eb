/** What the process says to the script that started it. The README has the same table. */
export const EXIT = {
  ok: 0,
  /** A bug of ours or of a keyring. */
  unexpected: 1,
  /** The command line, the configuration or a key file makes no sense. Nothing was done. */
  usage: 2,
  /** The keys or the context at hand do not open the envelope, or a key refused to wrap. */
  refused: 3,
  /** What was read is damaged, cut short, or no envelope. */
  damaged: 4,
  /** A file exists, or the file system refused. */
  file: 5,
  /** A key service did not answer; the same command may succeed later. */
  unavailable: 6,
  /** Made by a newer release, or over a limit. */
  unsupported: 7,
  /** The answer to what was asked is no: the key cannot be destroyed, or a key cannot be used. */
  no: 8,
  /** The reader of stdout went away: 128 + SIGPIPE, as of any other program in a pipeline. */
  brokenPipe: 141,
} as const;
