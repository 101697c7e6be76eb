import { abortError } from '../../src/cancellation/abortable.js';
import type { FailureReason } from '../../src/errors/reason.js';
import { keyringError } from '../../src/keyring/keyring-error.js';
import { TestKeyring } from './test-keyring.js';

/** How a keyring behaves: as it should, failing, silent until it is given up, or answering with another data key. */
export type Mode = 'works' | 'fails' | 'hangs' | 'lies';

/** A test keyring whose behaviour can be changed at any time. */
export interface FaultyKeyring {
  readonly keyring: TestKeyring;
  mode: Mode;
  reason: FailureReason;
  /** Signals of the calls that hung. */
  readonly hung: AbortSignal[];
}

export function faultyKeyring(name: string, options: { readonly mode?: Mode; readonly provider?: string } = {}): FaultyKeyring {
  const behave = async <Request extends { readonly signal: AbortSignal }, Result>(
    operation: 'wrap' | 'unwrap',
    request: Request,
    real: (request: Request) => Promise<Result>,
  ): Promise<Result> => {
    if (faulty.mode === 'fails') {
      const { provider } = faulty.keyring;
      const failure = { provider, keyring: name, keyId: name, operation, retryable: true, remedy: 'Wait.' };
      throw keyringError({ ...failure, reason: faulty.reason }, 'It is down.');
    }
    if (faulty.mode !== 'hangs') return await real(request);
    faulty.hung.push(request.signal);
    return await new Promise<Result>((_resolve, reject) => {
      request.signal.addEventListener('abort', () => {
        reject(abortError(request.signal));
      });
    });
  };
  const keyring = new TestKeyring({
    name,
    provider: options.provider ?? 'test',
    wrap: async (request, real) => await behave('wrap', request, real),
    unwrap: async (request, real) =>
      await behave('unwrap', request, async () => {
        if (faulty.mode !== 'lies') return await real(request);
        const wrappedKey = request.wrappedKeys.find(({ keyId }) => keyId === name);
        if (wrappedKey === undefined) return null;
        const keyMaterial = new Uint8Array(32).fill(7);
        if (await request.accepts(keyMaterial)) return { keyMaterial, wrappedKey };
        const failure = { provider: 'test', keyring: name, keyId: name, operation: 'unwrap', retryable: false, remedy: 'None.' } as const;
        throw keyringError({ ...failure, reason: 'integrity' }, 'It lies.');
      }),
  });
  const faulty: FaultyKeyring = { keyring, mode: options.mode ?? 'works', reason: 'unavailable', hung: [] };
  return faulty;
}
