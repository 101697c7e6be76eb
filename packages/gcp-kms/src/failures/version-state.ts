import type { KmsCall } from '../calls/kms-call.js';
import { parseName } from '../names/key-name.js';
import type { Meaning } from './service-errors.js';

/** How the service says that a version is not enabled. */
const NOT_ENABLED = /(projects\/\S+\/cryptoKeyVersions\/\d+) is not enabled, current state is: ([A-Z_]+)/;

/** The meaning of "not enabled": it names the version, and what can still be done. */
export function versionState({ key }: KmsCall, text: string): Meaning | undefined {
  const [, name = '', state = ''] = NOT_ENABLED.exec(text) ?? [];
  const named = parseName(name);
  // Only a version of the key that was asked for is worth naming.
  if (named?.version === undefined || named.key.text !== key.text) return undefined;
  const { version } = named;
  const gcloud = (verb: string): string =>
    `"gcloud kms keys versions ${verb} ${version} --key ${key.key} --keyring ${key.keyRing} --location ${key.location} --project ${key.project}"`;
  switch (state) {
    case 'DISABLED':
      return {
        reason: 'disabled',
        retryable: false,
        message: `version ${version} is disabled.`,
        remedy: `Enable version ${version}, and keep it enabled until everything written under it has been rewrapped: ${gcloud('enable')}.`,
      };
    case 'DESTROY_SCHEDULED':
      return {
        reason: 'pending-deletion',
        retryable: false,
        message: `version ${version} is scheduled to be destroyed.`,
        remedy: `Keep version ${version}: ${gcloud('restore')}, then ${gcloud('enable')}.`,
      };
    case 'DESTROYED':
      return {
        reason: 'pending-deletion',
        retryable: false,
        message: `version ${version} is destroyed.`,
        remedy: `Use another key of the envelope: nothing brings version ${version} back.`,
      };
    default:
      return {
        reason: 'unavailable',
        retryable: state.startsWith('PENDING'),
        message: `version ${version} is in state ${state}.`,
        remedy: `Wait until version ${version} is enabled, and look at it: ${gcloud('describe')}.`,
      };
  }
}
