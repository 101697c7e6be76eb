import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Signals {
  /** Fires with the first signal. The second ends the process at once, as it would any other. */
  readonly aborted: AbortSignal;
  /** Ends the process by the signal that came, if one did: its parent sees how it ended, and a shell stops its loop. */
  endIfReceived(): void;
  /** From now on a signal ends the process at once, as it would any other. */
  release(): void;
}

/** Turns the signals that ask a process to end into an abort, so that it removes its temporary files first. */
export function watchSignals(): Signals {
  const controller = new AbortController();
  let received: (typeof SIGNALS)[number] | undefined;
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    received ??= signal as (typeof SIGNALS)[number];
    release();
    controller.abort(new Error(`Received ${signal}.`));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    aborted: controller.signal,
    release,
    endIfReceived() {
      if (received === undefined) return;
      if (process.platform === 'win32') process.exit(128 + constants.signals[received]);
      process.kill(process.pid, received);
    },
  };
}
