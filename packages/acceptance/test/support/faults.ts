import type { FailureReason, Keyring } from '@keyfold/core/keyring';
import type { Fault, FaultKind, Simulators } from '@keyfold/kms-simulators';
import type { Member } from './members.js';

/** Longer in ms than any test. */
const FOREVER = 3_600_000;

/** What goes wrong at a member, and what its keyring may make of it. */
export interface Trouble {
  readonly name: string;
  /** What the simulator is told, for a member in a cloud. Nothing: this fault cannot happen there. */
  readonly at: (cloud: NonNullable<Member['cloud']>) => Fault | undefined;
  /** `silent`: no answer, until it is given up. Else the reasons that a failure may have; none: it may not fail at all. */
  readonly may: 'silent' | readonly FailureReason[];
}

const kind = (name: FaultKind, may: Trouble['may'], fields: object = {}): Trouble => ({
  name,
  may,
  at: ({ key }) => ({ kind: name, key, ...fields }) as Fault,
});

/** Only Google Cloud KMS has checksums. */
const checksum = (name: 'wrong-crc' | 'unverified-crc'): Trouble => ({
  name,
  may: ['integrity'],
  at: ({ provider, key }) => (provider === 'gcp-kms' ? { kind: name, key } : undefined),
});

/** Every fault that the simulators know. */
export const TROUBLES: readonly Trouble[] = [
  kind('latency', [], { ms: 1 }),
  { ...kind('latency', 'silent', { ms: FOREVER }), name: 'latency without end' },
  kind('late-success', 'silent', { ms: FOREVER }),
  kind('hang', 'silent'),
  kind('reset', ['unavailable']),
  kind('cut-off', ['unavailable']),
  kind('truncated', ['integrity', 'unavailable']),
  kind('garbage', ['integrity', 'unavailable']),
  kind('throttled', ['throttled']),
  kind('access-denied', ['access-denied']),
  kind('internal-error', ['unavailable']),
  kind('dependency-timeout', ['unavailable', 'timeout']),
  kind('unavailable', ['unavailable']),
  { name: 'error', may: ['disabled', 'misconfigured'], at: ({ key, disabled }) => ({ kind: 'error', ...disabled, key }) },
  kind('other-key', ['integrity']),
  kind('wrong-plaintext', ['integrity']),
  checksum('wrong-crc'),
  checksum('unverified-crc'),
  { name: 'first Region down', may: ['unavailable'], at: ({ key, region }) => ({ kind: 'reset', key, region }) },
];

/** Puts a trouble in place at a member; returns the keyring to use meanwhile. */
export function afflict(sim: Simulators, member: Member, trouble: Trouble): Keyring {
  const fault = member.cloud === undefined ? undefined : trouble.at(member.cloud);
  if (fault !== undefined) sim.faults.inject(fault);
  return member.publicHalf ?? member.keyring;
}
