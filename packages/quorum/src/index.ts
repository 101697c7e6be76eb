/**
 * k-of-n policies: the data key split into shares, each wrapped by its own keyring, of which any k open the envelope.
 *
 * @packageDocumentation
 */
export { quorumKeyring } from './quorum-keyring.js';
export type { QuorumKeyringOptions } from './settings/read-options.js';
