// Detached, as text, rewrapped, and as large as it gets.
import { embedded } from '../entries.mjs';
import { message } from '../message.mjs';
import { aes, exactly, foreign, rsa } from '../wraps.mjs';

/** @param {Uint8Array} bytes */
const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** @param {Uint8Array} bytes */
export const envelopeText = (bytes) => `keyfold1.${base64url(bytes)}`;

/** @param {Uint8Array} bytes */
export const headerText = (bytes) => `keyfold1h.${base64url(bytes)}`;

/** @param {import('../collection.mjs').Collection} collection */
export function forms(collection) {
  const detached = message('detached', { plaintextLength: 4097 });
  collection.opens('detached', 'Header and payload apart.', detached, parts(detached));
  const empty = message('detached-empty', { plaintextLength: 0 });
  collection.opens('detached-empty', 'Apart, and without plaintext.', empty, parts(empty));
  for (const length of [0, 1, 2]) {
    const about = `As text; its bytes leave ${(message('text-0', { plaintextLength: 0 }).envelope.length + length) % 3} over when divided by three.`;
    const text = message(`text-${length}`, { plaintextLength: length });
    collection.opens(`text-${length}`, about, text, { text: envelopeText(text.envelope) });
  }
  const apart = message('text-header', {});
  const input = { text_header: headerText(apart.header), payload: apart.payload };
  collection.opens('text-header', 'A detached header as text.', apart, input);
  rewrapped(collection);
  largest(collection);
}

/** @param {import('../message.mjs').Message} message */
export const parts = ({ header, payload }) => ({ header, payload });

/**
 * One payload and two headers of it.
 *
 * @param {import('../collection.mjs').Collection} collection
 */
function rewrapped(collection) {
  const name = 'rewrap';
  const special = { plaintextLength: 4097, context: [embedded('tenant', 'acme')] };
  const before = message(name, { ...special, wraps: [aes('vectors')], padding: Buffer.alloc(400) });
  const wraps = [aes('other'), rsa('rsa-2048')];
  const roomy = message(name, { ...special, wraps, revision: 1 });
  const padding = Buffer.alloc(before.header.length - roomy.header.length);
  const after = message(name, { ...special, wraps, revision: 1, padding });
  if (!before.payload.equals(after.payload)) throw new Error('A rewrap must not touch the payload.');
  collection.opens('rewrap-before', 'As it was written.', before, parts(before));
  collection.opens(
    'rewrap-after',
    'The same payload under a new header: other keys, revision 1, and less padding, so that no byte has to move.',
    after,
    parts(after),
  );
  const filled = (/** @type {number} */ length) => [aes('other'), foreign('example', 'filler', '', 'A', length)];
  const short = message(name, { ...special, wraps: filled(1), revision: 2 });
  const exact = message(name, { ...special, wraps: filled(1 + before.header.length - short.header.length), revision: 2 });
  if (exact.header.length !== before.header.length) throw new Error('The padding must be used up to its last byte.');
  collection.opens('rewrap-exact', 'The same payload once more: the padding is used up to its last byte.', exact, parts(exact));
  const grown = message(name, { ...special, wraps: [aes('vectors'), aes('other'), rsa('rsa-4096')], revision: 3 });
  if (grown.header.length <= before.header.length) throw new Error('The header must have grown.');
  collection.opens('rewrap-grown', 'The same payload behind a header that had to grow.', grown, parts(grown));
}

/** @param {import('../collection.mjs').Collection} collection */
function largest(collection) {
  const small = message('header-65536-bytes', {});
  const full = message('header-65536-bytes', { padding: Buffer.alloc(65_536 - small.header.length) });
  collection.opens('header-65536-bytes', 'A header as long as the default cap allows.', full);

  const limits = { headerBytes: 1_048_576, contextBytes: 1_048_576 };
  const padded = message('padding-65535', { padding: Buffer.alloc(65_535) });
  collection.opens('padding-65535', 'As much padding as its length can say.', padded, undefined, { limits: { headerBytes: 131_072 } });
  const wide = message('largest-fields', {
    wraps: [
      aes('vectors'),
      exactly({
        provider: 'p'.repeat(255),
        keyId: 'k'.repeat(65_535),
        keyVersion: 'v'.repeat(255),
        algorithm: 'a'.repeat(255),
        ciphertext: Buffer.alloc(65_535, 'c'),
      }),
    ],
  });
  collection.opens('largest-fields', 'Every field of a wrapped key as long as its length can say.', wide, undefined, { limits });
  collection.again('limit-header-bytes', 'The same header for a reader with the default cap.', 'largest-fields', wide, {
    error: 'limit-exceeded',
    limit: 'headerBytes',
  }, {});

  const deep = message('largest-context', { context: [embedded('k'.repeat(65_535), 'v'.repeat(65_535))] });
  collection.opens('largest-context', 'A key and a value as long as their lengths can say.', deep, undefined, { limits });
  collection.again('limit-context-bytes', 'The same for a reader that takes long headers, but no long contexts.', 'largest-context', deep, {
    error: 'limit-exceeded',
    limit: 'contextBytes',
  }, { limits: { headerBytes: 1_048_576 } });
}
