import { check, hex, same } from './vectors.mjs';

/** @type {import('./vectors.mjs').Primitive} */
export const aesGcm = {
  name: 'AES-256-GCM',
  files: ['aes_gcm_test.json'],
  async run({ primitives }, group, test) {
    if (group.keySize !== 256) return { notApplicable: 'key other than 256 bits' };
    if (group.ivSize !== 96) return { notApplicable: 'nonce other than 96 bits' };
    if (group.tagSize !== 128) return { notApplicable: 'tag other than 128 bits' };
    if (test.aad !== '') return { notApplicable: 'with AAD' };
    const gcm = await primitives.aesGcm(hex(test.key));
    const sealed = Uint8Array.of(...hex(test.ct), ...hex(test.tag));
    const opened = await gcm.open(hex(test.iv), sealed);
    if (test.result === 'invalid') return check({ 'opened an altered ciphertext': opened === undefined });
    const parts = await gcm.seal(hex(test.iv), hex(test.msg));
    return check({
      'sealed to something else': same(Buffer.concat(parts), sealed),
      'opened to something else': same(opened, hex(test.msg)),
    });
  },
};
