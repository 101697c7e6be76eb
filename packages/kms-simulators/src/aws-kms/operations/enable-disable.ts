import { requireManageable } from '../keys/key-state.js';
import { resolveOwnKey } from '../keys/resolve-key.js';
import type { Operation } from './operation.js';

/** Lets a disabled key be used again, in this Region. */
export const enableKey: Operation = setEnabled(true);

/** Stops all use of a key in this Region until it is enabled again. */
export const disableKey: Operation = setEnabled(false);

function setEnabled(enabled: boolean): Operation {
  return (input, context) => {
    const key = resolveOwnKey(input.text('KeyId'), context);
    requireManageable(key, context.now);
    context.store.update(key, (one) => {
      one.enabled = enabled;
    });
    return {};
  };
}
