// What is run in every runtime: the published vectors, whole and as streams, and round trips. Web APIs only.

/** @typedef {typeof import('../../core/src/index.js')} Core */
/**
 * @typedef {object} Vector
 * @property {string} name
 * @property {{ readonly envelope?: string }} input
 * @property {string} [data_key]
 * @property {'unchecked' | [string, string][]} [context]
 * @property {Record<string, number>} [limits]
 * @property {Expected} expect
 */
/**
 * @typedef {object} Expected
 * @property {{ readonly sha256: string }} [plaintext]
 * @property {string} [error]
 */
/** @typedef {(path: string) => Promise<Uint8Array>} Load - reads a file of vectors/ */

/**
 * @param {Core} core
 * @param {Load} load
 * @returns {Promise<{ readonly passed: number; readonly failed: readonly string[] }>}
 */
export async function runPortable(core, load) {
  /** @type {{ vectors: Vector[] }} */
  const { vectors } = JSON.parse(new TextDecoder().decode(await load('index.json')), expandRepeats);
  /** @type {string[]} */
  const failed = [];
  let passed = 0;
  for (const vector of vectors) {
    // The others have no bytes of their own, or test the unwrapping itself.
    if (vector.data_key === undefined || vector.input.envelope === undefined) continue;
    const envelope = await load(vector.input.envelope);
    const options = {
      keyring: knowsDataKey(fromHex(vector.data_key)),
      ...(vector.context === undefined ? {} : { context: vector.context === 'unchecked' ? vector.context : new Map(vector.context) }),
      ...(vector.limits === undefined ? {} : { limits: vector.limits }),
    };
    for (const [how, open] of /** @type {const} */ ([
      ['whole', async () => await core.decrypt(envelope, options)],
      ['streamed', async () => await throughStream(core.decryptStream(options), envelope, 997)],
    ])) {
      const problem = await judge(core, vector.expect, open);
      if (problem === undefined) passed++;
      else failed.push(`${vector.name}, ${how}: ${problem}`);
    }
  }
  for (const length of [0, 1, 131_071, 131_072, 131_073, 400_000]) {
    const problem = await roundTrip(core, length);
    if (problem === undefined) passed++;
    else failed.push(`round trip of ${length} bytes: ${problem}`);
  }
  return { passed, failed };
}

/**
 * What is wrong with an outcome, if anything is.
 *
 * @param {Core} core
 * @param {Expected} expected
 * @param {() => Promise<Uint8Array>} open
 */
async function judge(core, expected, open) {
  try {
    const plaintext = await open();
    if (expected.plaintext === undefined) return 'opened';
    return (await sha256(plaintext)) === expected.plaintext.sha256 ? undefined : 'other plaintext';
  } catch (error) {
    if (!core.isKeyfoldError(error)) return String(error);
    return error.code === expected.error ? undefined : `${error.code} in place of ${expected.error ?? 'a plaintext'}`;
  }
}

/**
 * @param {Core} core
 * @param {number} length
 */
async function roundTrip(core, length) {
  const plaintext = new Uint8Array(length).map((_, i) => i % 251);
  const options = { keyring: knowsDataKey(), context: { tenant: 'acme' } };
  const envelope = await core.encrypt(plaintext, options);
  const streamed = await throughStream(core.encryptStream(options), plaintext, 10_007);
  const opened = [
    await core.decrypt(streamed, options),
    await throughStream(core.decryptStream(options), envelope, 65_537),
    await core.openEnvelope(core.blobSource(new Blob([envelope])), options).then(async (reader) => await reader.read(0)),
  ];
  const digest = await sha256(plaintext);
  for (const bytes of opened) if ((await sha256(bytes)) !== digest) return 'other bytes came back';
  return undefined;
}

/**
 * @param {ReadableWritablePair<Uint8Array, Uint8Array>} transform
 * @param {Uint8Array} bytes
 * @param {number} size
 */
async function throughStream(transform, bytes, size) {
  let at = 0;
  const source = new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, (at += size)));
      else controller.close();
    },
  });
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const reader = source.pipeThrough(transform).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (next.value));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * Long strings are written down as what they repeat.
 *
 * @param {string} _key
 * @param {unknown} value
 * @returns {unknown}
 */
function expandRepeats(_key, value) {
  const { repeat, times } = /** @type {{ repeat?: unknown, times?: number }} */ (value ?? {});
  return typeof repeat === 'string' ? repeat.repeat(times ?? 0) : value;
}

/**
 * A keyring that wraps nothing: its data key is given, or all zeros.
 *
 * @param {Uint8Array} [dataKey]
 * @returns {import('../../core/src/index.js').Keyring}
 */
function knowsDataKey(dataKey = new Uint8Array(32)) {
  const wrappedKey = { provider: 'test', keyId: 'known', keyVersion: '', algorithm: 'NONE', ciphertext: Uint8Array.of(1) };
  return {
    specificationVersion: 'keyring-v1',
    provider: 'test',
    name: 'known',
    keks: [{ provider: 'test', keyId: 'known' }],
    wrap: async () => await Promise.reject(new Error('It makes its data key itself.')),
    generate: async () => await Promise.resolve({ keyMaterial: new Uint8Array(dataKey), wrappedKeys: [wrappedKey] }),
    unwrap: async ({ wrappedKeys: [first] }) =>
      await Promise.resolve({ keyMaterial: new Uint8Array(dataKey), wrappedKey: first ?? wrappedKey }),
  };
}

/** @param {Uint8Array} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {Uint8Array<ArrayBuffer>} */ (bytes)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} text */
function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
