/**
 * What went wrong with a simulator itself, never with a request to a simulated service.
 *
 * - `invalid-option`: an option of {@link startSimulators} or of the command line is not usable.
 * - `invalid-fault`: a fault names a kind, field or operation that does not exist.
 * - `invalid-request`: a call to the control API is malformed.
 * - `port-in-use`: another process listens on the port that was asked for.
 * - `state-unreadable`: the state file is not one of ours, or is damaged. It is left untouched.
 */
export type SimulatorErrorCode =
  | 'invalid-option'
  | 'invalid-fault'
  | 'invalid-request'
  | 'port-in-use'
  | 'state-unreadable';

const brand = Symbol.for('@keyfold/kms-simulators/SimulatorError');

/**
 * The one error class of this package. `code` is stable; the message says what to do.
 *
 * @example
 * ```ts
 * try {
 *   await startSimulators({ aws: { port: 8590 } });
 * } catch (error) {
 *   if (SimulatorError.isInstance(error) && error.code === 'port-in-use') await startSimulators();
 *   else throw error;
 * }
 * ```
 */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly code: SimulatorErrorCode;

  constructor(code: SimulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Like `instanceof`, and also true for an instance that another copy of this package made. */
  static readonly isInstance = (value: unknown): value is SimulatorError => value instanceof Error && brand in value;
}
