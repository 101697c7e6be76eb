import { abortable } from '@keyfold/core/keyring';
import { alter, asking } from './mutant.js';
import type { Mutant } from './mutant.js';

const BEGINS = /^does not begin .* when the signal has fired$/;
const ENDS = /^ends .* whenever the signal fires$/;
const HELD = /^stops .* at once while the provider has not answered /;

/** The operations of a keyring, which end otherwise when the signal fires. */
function onAbort(error: (signal: AbortSignal) => Promise<never>): Exclude<Mutant['breaks'], undefined> {
  return (keyring) => {
    const [generate, check] = [keyring.generate?.bind(keyring), keyring.check?.bind(keyring)];
    const change = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
      await work.catch(async (thrown: unknown) => {
        if (signal.aborted) return await error(signal);
        throw thrown;
      });
    return alter(keyring, {
      wrap: async (request) => await change(keyring.wrap(request), request.signal),
      unwrap: async (request) => await change(keyring.unwrap(request), request.signal),
      ...(generate && { generate: async (request) => await change(generate(request), request.signal) }),
      ...(check && { check: async (request) => await change(check(request), request.signal) }),
    });
  };
}

const never = new AbortController().signal;

export const cancellationMutants: readonly Mutant[] = [
  {
    name: 'ignores its signal',
    breaks: (keyring) => asking(keyring, (request) => ({ ...request, signal: never })),
    caughtBy: [BEGINS],
    says: /must throw aborted; it gave a result/,
  },
  {
    name: 'ignores its signal, and has no deadline of its own',
    hangs: true,
    deadline: 60_000,
    breaks: (keyring) => asking(keyring, (request) => ({ ...request, signal: never })),
    caughtBy: [HELD],
    says: /must throw aborted|must end when the signal fires/,
  },
  {
    name: 'makes a request before it looks at its signal',
    breaks: (keyring, kms) =>
      asking(keyring, (request) => {
        kms.requests++;
        return request;
      }),
    caughtBy: [BEGINS],
    says: /must make no request/,
  },
  {
    name: 'throws the signal’s reason as it is',
    // The reason is whatever the caller chose.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    breaks: onAbort(async (signal) => await Promise.reject(signal.reason)),
    caughtBy: [BEGINS, ENDS, HELD],
    says: /must throw aborted .*it threw Error: The user went away/,
  },
  {
    name: 'never ends when it is aborted',
    hangs: true,
    breaks: onAbort(async () => await new Promise<never>(() => undefined)),
    caughtBy: [BEGINS, ENDS, HELD],
    says: /must end/,
  },
  {
    name: 'gives up its call and not its request',
    hangs: true,
    deadline: 60_000,
    breaks: (keyring) => {
      const [generate, check] = [keyring.generate?.bind(keyring), keyring.check?.bind(keyring)];
      return alter(keyring, {
        wrap: async (request) => await abortable(keyring.wrap({ ...request, signal: never }), request.signal),
        unwrap: async (request) => await abortable(keyring.unwrap({ ...request, signal: never }), request.signal),
        ...(generate && {
          generate: async (request) => await abortable(generate({ ...request, signal: never }), request.signal),
        }),
        ...(check && { check: async (request) => await abortable(check({ signal: never }), request.signal) }),
      });
    },
    caughtBy: [HELD],
    says: /must give up its request/,
  },
  {
    name: 'makes other requests than it declares',
    manifest: { requests: { wrap: ['Seal'], unwrap: ['Open'] } },
    caughtBy: [HELD],
    says: /ended without waiting for the answer/,
  },
];
