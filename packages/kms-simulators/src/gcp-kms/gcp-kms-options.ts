import { SimulatorError } from '../shared/errors.js';

/** How the simulated Google Cloud KMS is set up. */
export interface GcpKmsOptions {
  /** Port on 127.0.0.1; 0, the default, lets the system choose. One port serves every location. */
  readonly port?: number;
  /** Project of the clients, and of keys that are made without one; default `simulator`. */
  readonly project?: string;
}

/** {@link GcpKmsOptions}, checked. */
export interface GcpKmsSettings {
  readonly port: number;
  readonly project: string;
}

export const DEFAULT_PROJECT = 'simulator';

/** @throws SimulatorError `invalid-option` */
export function checkGcpKmsOptions({ port = 0, project = DEFAULT_PROJECT }: GcpKmsOptions): GcpKmsSettings {
  if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)) {
    throw new SimulatorError(
      'invalid-option',
      `A Google Cloud project id has 6 to 30 lower-case letters, digits and hyphens, unlike "${project}".`,
    );
  }
  return { port, project };
}
