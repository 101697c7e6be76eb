import { encryptDetached, inspect } from '../../src/index.js';
import { concat, patterned } from '../support/bytes.js';
import { TestKeyring } from '../support/test-keyring.js';

export const SEGMENT = 4096;
/** A full segment as it lies in the payload. */
export const SEALED: number = SEGMENT + 16;

export const keyring: TestKeyring = new TestKeyring();

export interface TestEnvelope {
  readonly plaintext: Uint8Array<ArrayBuffer>;
  readonly header: Uint8Array<ArrayBuffer>;
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Both, one behind the other. */
  readonly envelope: Uint8Array<ArrayBuffer>;
  /** Segments of the payload. */
  readonly count: number;
  /** Where a segment begins in the attached envelope. */
  readonly at: (segment: number) => number;
}

/** An envelope of segments of 4,096 bytes over bytes that look random. */
export async function envelopeOf(length: number, seed = 1): Promise<TestEnvelope> {
  const plaintext = patterned(length, seed);
  const { header, payload } = await encryptDetached(plaintext, { keyring, segmentSize: SEGMENT });
  const { headerLength } = inspect(header);
  return {
    plaintext,
    header,
    payload,
    envelope: concat(header, payload),
    count: Math.max(1, Math.ceil(length / SEGMENT)),
    at: (segment) => headerLength + 16 + segment * SEALED,
  };
}
