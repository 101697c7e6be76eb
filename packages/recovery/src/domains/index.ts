/**
 * What KEKs fail together with, without the drill: for write policies.
 *
 * @packageDocumentation
 */
export { domainsOf } from './domains.js';
