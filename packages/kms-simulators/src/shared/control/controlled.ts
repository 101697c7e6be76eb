import type { SimulatedClock } from '../clock/simulated-clock.js';
import type { FaultBoard } from '../faults/fault-board.js';
import type { ProviderServer } from '../providers.js';
import type { RequestLog } from '../requests/request-log.js';
import type { StateFile } from '../state/state-file.js';

/** The parts that all simulated providers share, and that the control API steers. */
export interface Controlled {
  readonly faults: FaultBoard;
  readonly requests: RequestLog;
  readonly clock: SimulatedClock;
  readonly state: StateFile;
  readonly servers: readonly ProviderServer[];
}
