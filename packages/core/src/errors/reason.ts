/**
 * Why a call to a key failed, in words that are the same for every provider.
 *
 * - `access-denied`: the credentials may not do this with this key
 * - `not-found`: there is no such key (or version)
 * - `disabled`: the key (or version) is disabled
 * - `pending-deletion`: the key is scheduled for deletion, or already destroyed
 * - `throttled`: too many requests
 * - `unavailable`: the service could not be reached, or failed
 * - `timeout`: no answer within the deadline
 * - `context-mismatch`: the provider says that the encryption context is not the one the key was wrapped with
 * - `corrupt`: the provider says that the wrapped key is not one of its own
 * - `integrity`: an answer arrived and did not verify
 * - `misconfigured`: the key or the client cannot do what was asked (wrong kind of key, missing part)
 * - `aborted`: the caller's signal fired
 * - `unknown`: none of the above; `cause` has what was thrown
 */
export type FailureReason =
  | 'access-denied'
  | 'not-found'
  | 'disabled'
  | 'pending-deletion'
  | 'throttled'
  | 'unavailable'
  | 'timeout'
  | 'context-mismatch'
  | 'corrupt'
  | 'integrity'
  | 'misconfigured'
  | 'aborted'
  | 'unknown';
