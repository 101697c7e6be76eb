import { checksumOf, crc32c } from './cryptography/crc32c.js';
import { answerForOtherKey } from './other-key.js';
import type { Operation, OperationContext } from './operations/operation.js';
import type { Message } from './protocol/service-definition.js';
import { flipOneBit, type SpoilingEffect } from './service-faults.js';

/** Runs an operation and spoils what it answers, as a service would that is broken inside. */
export async function runSpoiled(
  operation: Operation,
  request: Message,
  context: OperationContext,
  effect: SpoilingEffect,
): Promise<Message> {
  const run = async (message: Message): Promise<Message> => await operation(message as never, context);
  switch (effect.kind) {
    case 'other-key':
      return await answerForOtherKey(run, request, context, effect.otherKey);
    case 'wrong-plaintext': {
      const { plaintext: sent } = request;
      if (sent instanceof Uint8Array) return await run({ ...request, ...withChecksum(request, flipOneBit(sent)) });
      const answer = await run(request);
      const { plaintext } = answer;
      if (!(plaintext instanceof Uint8Array)) return answer;
      const wrong = flipOneBit(plaintext);
      return { ...answer, plaintext: wrong, plaintextCrc32c: checksumOf(wrong) };
    }
    case 'wrong-crc':
      return wrongChecksums(await run(request));
    case 'unverified-crc':
      return unverified(await run(request));
  }
}

/** The service checks what arrives, and its memory goes wrong after that: the caller's checksum was right. */
function withChecksum({ plaintextCrc32c }: Message, plaintext: Uint8Array): Message {
  return { plaintext, plaintextCrc32c: plaintextCrc32c === null ? null : { value: `${crc32c(plaintext)}` } };
}

const CHECKSUM = /Crc32c$/;

function wrongChecksums(answer: Message): Message {
  const entries = Object.entries(answer).map(([name, value]): [string, unknown] => {
    const { value: checksum } = (typeof value === 'object' ? (value ?? {}) : {}) as { readonly value?: number };
    return CHECKSUM.test(name) && checksum !== undefined ? [name, { value: (checksum ^ 1) >>> 0 }] : [name, value];
  });
  return Object.fromEntries(entries);
}

/** As if something between had lost the caller's checksums. */
function unverified(answer: Message): Message {
  const entries = Object.entries(answer).map(([name, value]): [string, unknown] => [name, /^verified.*Crc32c$/.test(name) ? false : value]);
  return Object.fromEntries(entries);
}
