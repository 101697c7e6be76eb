export type { Attempt } from './attempt.js';
export type { ErrorCode, ErrorDetails, KeyringFailure } from './codes.js';
export type { FormatRule } from './format-rule.js';
export type { FailureReason } from './reason.js';
export { KeyfoldError, isKeyfoldError } from './keyfold-error.js';
