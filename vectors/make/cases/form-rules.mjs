// The rules of detached headers, of payloads' shape and of the text form.
import { cat } from '../bytes.mjs';
import { message, withSegments } from '../message.mjs';
import { sealSegment } from '../payload.mjs';
import { envelopeText, headerText } from './forms.mjs';

/** @param {import('../collection.mjs').Collection} collection */
export function formRules(collection) {
  const plain = message('form-rules', {});
  /** @type {(rule: string, how: string, about: string, input: import('../collection.mjs').Input) => void} */
  const breaks = (rule, how, about, input) => {
    collection.fails(how === '' ? rule : `${rule}--${how}`, about, plain, input, { error: 'malformed', rule });
  };
  const { header, payload, envelope } = plain;
  breaks('detached-trailing-bytes', '', 'A zero byte behind a detached header.', {
    header: cat(header, Buffer.alloc(1)),
    payload,
  });
  breaks('detached-trailing-bytes', 'envelope', 'A whole envelope in the place of a detached header.', {
    header: envelope,
    payload,
  });

  const text = envelopeText(envelope);
  if (!/-/.test(text) || !/_/.test(text)) throw new Error('The text must hold what the two alphabets differ in.');
  breaks('text-prefix', '', 'An envelope under the prefix of a header.', { text: headerText(envelope) });
  breaks('text-prefix', 'header', 'A header under the prefix of an envelope.', { text_header: envelopeText(header), payload });
  breaks('text-prefix', 'version', 'A prefix of a version that does not exist.', { text: text.replace('keyfold1', 'keyfold2') });
  breaks('text-prefix', 'case', 'Upper case.', { text: text.replace('keyfold1', 'KEYFOLD1') });
  breaks('text-prefix', 'space', 'A space before it.', { text: ` ${text}` });
  breaks('text-prefix', 'none', 'No prefix.', { text: text.slice('keyfold1.'.length) });
  breaks('text-alphabet', '', 'A line end behind it.', { text: `${text}\n` });
  breaks('text-alphabet', 'base64', 'The other alphabet of base64, of which it has "+" and "/".', {
    text: text.replaceAll('-', '+').replaceAll('_', '/'),
  });
  const alphabet = { error: 'malformed', rule: 'text-alphabet' };
  const padded = leaving(1, 'text-alphabet--padding');
  const base64 = padded.envelope.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  collection.fails('text-alphabet--padding', 'Padding.', padded, { text: `keyfold1.${base64}` }, alphabet);

  const canonical = { error: 'malformed', rule: 'text-canonical' };
  for (const [how, left] of /** @type {const} */ ([['', 1], ['--two-bytes', 2]])) {
    const name = `text-canonical${how}`;
    const loose = leaving(left, name);
    const exact = envelopeText(loose.envelope);
    const other = exact.slice(0, -1) + nextCharacter(exact.slice(-1));
    collection.fails(name, 'The last character has a bit set that stands for nothing.', loose, { text: other }, canonical);
  }
  const whole = leaving(0, 'text-canonical--length');
  collection.fails('text-canonical--length', 'A character is left over.', whole,
    { text: `${envelopeText(whole.envelope)}A` }, canonical);

  const full = message('segment-empty-last', { plaintextLength: 4096 });
  const key = full.keys.payloadKey;
  const inner = sealSegment(key, 0, false, full.plaintext);
  const last = sealSegment(key, 1, true, new Uint8Array());
  collection.fails('segment-empty-last', 'A full segment, and an empty last one.', full,
    { envelope: withSegments(full, [inner, last]) },
    { error: 'malformed', rule: 'segment-empty-last', released: 4096 });
}

/**
 * A message whose envelope leaves so many bytes over when divided by three.
 *
 * @param {0 | 1 | 2} bytes
 * @param {string} name
 */
function leaving(bytes, name) {
  const [found] = [0, 1, 2]
    .map((plaintextLength) => message(name, { plaintextLength }))
    .filter(({ envelope }) => envelope.length % 3 === bytes);
  return /** @type {import('../message.mjs').Message} */ (found);
}

/** @param {string} character of base64url */
function nextCharacter(character) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet.charAt(alphabet.indexOf(character) + 1);
}
