import { acceptance } from './acceptance.js';
import { aliases } from './aliases.js';
import { cancellation } from './cancellation.js';
import { checking } from './checking.js';
import { concurrency } from './concurrency.js';
import { contexts } from './contexts.js';
import { envelopes } from './envelopes.js';
import { faults } from './faults.js';
import { foreignKeys } from './foreign-keys.js';
import { generating } from './generating.js';
import { hostileFields } from './hostile-fields.js';
import { inputs } from './inputs.js';
import { logging } from './logging.js';
import { malformedCiphertexts } from './malformed-ciphertexts.js';
import { offlineWrapping } from './offline-wrapping.js';
import { requests } from './requests.js';
import { rotation } from './rotation.js';
import type { RuleGroup } from './rule.js';
import { shape } from './shape.js';
import { wrappedFields } from './wrapped-fields.js';
import { wrapping } from './wrapping.js';

/** Every rule, in the order in which somebody who writes a keyring wants to see them pass. */
export const ruleGroups: readonly RuleGroup[] = [
  shape,
  wrapping,
  wrappedFields,
  generating,
  envelopes,
  foreignKeys,
  acceptance,
  contexts,
  malformedCiphertexts,
  hostileFields,
  inputs,
  logging,
  concurrency,
  cancellation,
  checking,
  offlineWrapping,
  aliases,
  rotation,
  requests,
  faults,
];
