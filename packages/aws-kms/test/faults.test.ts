/** Every fault on every operation: it ends, says what it was, and leaves nothing behind. */
import { withoutLeaks } from '@keyfold/dev/testing';
import { failure, generateOne, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import type { Fault, FaultKind } from '@keyfold/kms-simulators';
import type { FailureReason, Keyring, WrappedKey } from '@keyfold/core/keyring';
import { afterEach, describe, expect, it } from 'vitest';
import { AMPLE, HOME, simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
const key = await sim.aws.createKey({ region: HOME });
const wrapped: WrappedKey = await wrapOne(keyring({ key: key.arn }));
/** Longer in ms than any test lasts. */
const FOREVER = 3_600_000;
/** A deadline in ms that must pass in these tests: nothing depends on an answer within it. */
const SHORT = 40;

afterEach(() => {
  sim.faults.clear();
});

const OPERATIONS: readonly [string, string, (keyring: Keyring) => Promise<unknown>][] = [
  ['wrap', 'Encrypt', wrapOne],
  ['unwrap', 'Decrypt', async (one) => await unwrapFrom(one, [wrapped])],
  ['generate', 'GenerateDataKey', generateOne],
];

interface Expected {
  readonly fields?: object;
  /** Absent: the operation succeeds. */
  readonly reason?: FailureReason;
  readonly retryable?: boolean;
  readonly remedy?: RegExp;
  readonly timeoutMs?: number;
}

const EXPECTED: Readonly<Partial<Record<FaultKind, Expected>>> = {
  latency: { fields: { ms: 1 } },
  'late-success': { fields: { ms: FOREVER }, reason: 'timeout', retryable: true, remedy: /timeoutMs/, timeoutMs: SHORT },
  hang: { reason: 'timeout', retryable: true, remedy: /reaches AWS KMS in eu-west-1/, timeoutMs: SHORT },
  reset: { reason: 'unavailable', retryable: true, remedy: /network, proxy and VPC endpoint/ },
  'cut-off': { reason: 'unavailable', retryable: true, remedy: /eu-west-1/ },
  truncated: { reason: 'integrity', retryable: true, remedy: /proxy/ },
  garbage: { reason: 'integrity', retryable: true, remedy: /endpoint/ },
  throttled: { reason: 'throttled', retryable: true, remedy: /request quota of KMS in eu-west-1/ },
  'access-denied': { reason: 'access-denied', retryable: false, remedy: /^Allow kms:ACTION on KEY / },
  'internal-error': { reason: 'unavailable', retryable: true, remedy: /later/ },
  'dependency-timeout': { reason: 'unavailable', retryable: true, remedy: /later/ },
  unavailable: { reason: 'unavailable', retryable: true, remedy: /later/ },
  error: { fields: { code: 'DisabledException' }, reason: 'disabled', retryable: false, remedy: /aws kms enable-key --key-id KEY --region eu-west-1/ },
  'other-key': { reason: 'integrity', retryable: false, remedy: /alters its answers/ },
  // What a KMS encrypts instead cannot be seen here; what it decrypts instead, the header's MAC refuses.
  'wrong-plaintext': {},
};

describe.each(OPERATIONS)('%s', (operation, action, call) => {
  it.each(Object.entries(EXPECTED) as [FaultKind, Expected][])('under %s ends as it must', async (kind, usual) => {
    const { fields = {}, reason, retryable, remedy, timeoutMs = AMPLE } =
      kind === 'wrong-plaintext' && operation === 'unwrap'
        ? ({ reason: 'integrity', retryable: false, remedy: /unaltered/ })
        : usual;
    await withoutLeaks(async () => {
      const one = keyring({ key: key.arn, timeoutMs });
      const fault = sim.faults.inject({ kind, operation: action, ...fields } as Fault);
      if (reason === undefined) {
        await call(one);
      } else {
        const error = await failure(call(one), 'keyring-failed');
        expect(error.details).toMatchObject({ provider: 'aws-kms', keyring: key.arn, keyId: key.arn, operation, reason, retryable });
        const pattern = new RegExp((remedy?.source ?? '').replace('ACTION', action).replace('KEY', key.arn));
        expect(error.details.remedy).toMatch(pattern);
        expect(error.message).toContain(error.details.remedy);
      }
      expect(fault.hits).toBe(1);
      one.close();
      fault.clear();
    });
  });
});

describe('the SDK’s own retries', () => {
  const { endpoint, credentials } = sim.aws.clientConfig(HOME);
  const config = { clientConfig: { endpoint, credentials } };

  it.each(OPERATIONS)('make up for a passing fault: %s', async (_, action, call) => {
    await withoutLeaks(async () => {
      const one = keyring({ key: key.arn, ...config });
      for (const kind of ['internal-error', 'reset'] as const) {
        const fault = sim.faults.inject({ kind, operation: action, count: 2 });
        await call(one);
        expect(fault.hits).toBe(2);
      }
      one.close();
    });
  });

  it.each(OPERATIONS)('are within the deadline: %s', async (_, action, call) => {
    await withoutLeaks(async () => {
      const one = keyring({ key: key.arn, ...config, timeoutMs: SHORT });
      // The first attempt fails at once; the second, after a pause, has no answer.
      sim.faults.inject({ kind: 'internal-error', operation: action, count: 1 });
      sim.faults.inject({ kind: 'hang', operation: action });
      expect((await failure(call(one), 'keyring-failed')).details.reason).toBe('timeout');
      one.close();
      sim.faults.clear();
    });
  });
});

describe('a caller who leaves', () => {
  it.each(OPERATIONS)('leaves nothing behind: %s', async (_, action) => {
    await withoutLeaks(async () => {
      const one = keyring({ key: key.arn });
      const fault = sim.faults.inject({ kind: 'hang', operation: action });
      const controller = new AbortController();
      const { signal } = controller;
      const call = { Encrypt: wrapOne(one, {}, { signal }), Decrypt: unwrapFrom(one, [wrapped], {}, { signal }), GenerateDataKey: generateOne(one, {}, { signal }) };
      const others = Promise.allSettled(Object.values(call));
      while (fault.hits === 0) await new Promise((resolve) => setImmediate(resolve));
      controller.abort(new Error('enough'));
      const error = await failure(call[action as keyof typeof call], 'aborted');
      expect(error.cause).toBe(signal.reason);
      await others;
      one.close();
      fault.clear();
    });
  });
});
