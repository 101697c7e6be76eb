import { decrypt, encrypt, isKeyfoldError } from '@keyfold/core';
import type { Bench } from '../bench/bench.js';
import { call, quiet } from '../bench/call.js';
import { failsWith } from '../bench/engine.js';
import { checkFailure } from '../bench/failure.js';
import { check, succeeded } from '../bench/wrapping.js';
import type { FaultCase, Operation } from '../manifest.js';
import { assert, fail, show } from '../support/assert.js';
import { checkForm } from './checking.js';
import { operationsOf } from './operations-of.js';
import { requestFor } from './requests-for.js';
import { when } from './rule.js';
import type { Rule, RuleGroup } from './rule.js';

export const faults: RuleGroup = {
  title: 'faults',
  rules: ({ manifest }) => [
    ...(manifest.faults ?? []).flatMap((fault) =>
      (fault.operations ?? operationsOf(manifest)).map((operation) => faultRule(fault, operation)),
    ),
    ...when((manifest.faults ?? []).length > 0, () => [
      { title: 'is named in the error of an envelope that cannot be written or read', check: namedByTheEngine },
    ]),
  ],
};

const reasonsOf = ({ reason }: FaultCase): readonly string[] => (typeof reason === 'string' ? [reason] : reason);

function faultRule(fault: FaultCase, operation: Operation): Rule {
  const later = fault.retryable ? 'retryable' : 'not retryable';
  return {
    title: `${operation} under ${fault.kind}: ${reasonsOf(fault).join(' or ')}, ${later}; and works again once healed`,
    check: async (bench) => {
      await failsThenHeals(bench, fault, operation);
    },
  };
}

async function failsThenHeals(bench: Bench, fault: FaultCase, operation: Operation): Promise<void> {
  const { inject, heal } = bench.hook(bench.fixture.faults, 'faults');
  const request = await requestFor(bench, operation, quiet());
  await inject(fault.kind, operation);
  try {
    if (operation === 'check') {
      await reportsProblem(bench, fault);
    } else {
      const outcome = await call<Operation>(bench, bench.keyring, operation, request);
      if (outcome.status === 'fulfilled') {
        const seen = outcome.value === null ? 'gave null' : 'succeeded';
        fail(`${operation} must throw under ${fault.kind}; it ${seen}.`);
      }
      checkFailure(bench, outcome.error, operation, { ...fault, reasons: reasonsAsList(fault) });
    }
  } finally {
    await heal();
  }
  const again = await requestFor(bench, operation, quiet());
  succeeded(await call(bench, bench.keyring, operation, again), `${operation}, once ${fault.kind} is healed,`);
  if (operation === 'check')
    assert(
      (await check(bench, bench.keyring)).every(({ problem }) => problem === undefined),
      'check must find nothing wrong once all is well.',
    );
}

const reasonsAsList = ({ reason }: FaultCase): readonly Exclude<FaultCase['reason'], readonly unknown[]>[] =>
  typeof reason === 'string' ? [reason] : reason;

/** `check` does not throw: what is wrong is what it is there to say. */
async function reportsProblem(bench: Bench, fault: FaultCase): Promise<void> {
  const checks = await check(bench, bench.keyring);
  for (const item of checks) checkForm(item);
  const found = checks.find(({ problem }) => problem !== undefined && reasonsOf(fault).includes(problem.reason));
  const said = checks.map(({ problem }) => problem?.reason ?? 'no problem').join(', ');
  if (found === undefined) fail(`check must find the problem ${reasonsOf(fault).join(' or ')}; it found ${said}.`);
  const { problem, state, reachable } = found;
  const remedy = problem?.remedy ?? '';
  assert(fault.remedy?.test(remedy) ?? true, `The remedy must be like ${String(fault.remedy)}; it is ${show(remedy)}.`);
  const reason = problem?.reason;
  if (reason === 'disabled' || reason === 'pending-deletion' || reason === 'not-found') {
    assert(state === reason, `state must be ${reason}, as the problem’s reason; it is ${show(state)}.`);
  }
  if (reason === 'unavailable' || reason === 'timeout') {
    assert(!reachable, 'reachable must be false when the provider did not answer.');
  }
}

async function namedByTheEngine(bench: Bench): Promise<void> {
  const { inject, heal } = bench.hook(bench.fixture.faults, 'faults');
  // Where that is possible, nothing of the composition is in the envelope, which could open it too.
  const alone = bench.plan.composition?.interchangeable !== false;
  const envelope = await encrypt(new Uint8Array(10), { keyring: alone ? bench.fixture.twin : bench.keyring });
  for (const operation of ['wrap', 'unwrap'] as const) {
    const fault = bench.manifest.faults?.find(({ operations }) => operations?.includes(operation) ?? true);
    if (fault === undefined) continue;
    const writing = bench.manifest.generate ? 'generate' : 'wrap';
    await inject(fault.kind, operation === 'wrap' ? writing : operation);
    try {
      const work =
        operation === 'wrap'
          ? encrypt(new Uint8Array(10), { keyring: bench.keyring })
          : decrypt(envelope, { keyring: bench.keyring });
      const error = await failsWith(
        bench,
        work,
        operation === 'wrap' ? 'wrap-failed' : 'unwrap-failed',
        `under ${fault.kind}`,
      );
      const attempts =
        isKeyfoldError(error, 'wrap-failed') || isKeyfoldError(error, 'unwrap-failed') ? error.details.attempts : [];
      const row = attempts.find(
        ({ provider, reason }) => provider === bench.plan.inside.provider && reasonsOf(fault).includes(reason),
      );
      if (row === undefined) fail('The engine’s error must name the key that failed, and why, in its table.', error);
    } finally {
      await heal();
    }
  }
}
