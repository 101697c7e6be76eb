import { check, hex, same } from './vectors.mjs';

/** @type {import('./vectors.mjs').Primitive} */
export const hkdfSha512 = {
  name: 'HKDF-SHA-512',
  files: ['hkdf_sha512_test.json'],
  async run({ primitives }, _group, test) {
    const info = hex(test.info);
    if (info.length > 1024) return { notApplicable: 'info over 1,024 bytes' };
    const hkdf = await primitives.hkdfSha512(hex(test.ikm), hex(test.salt));
    try {
      const output = await hkdf.expand(info, test.size ?? 0);
      if (test.result === 'invalid') return { failed: 'gave more than HKDF can' };
      return check({ 'derived something else': same(output, hex(test.okm)) });
    } catch (error) {
      if (test.result === 'invalid' && test.flags.includes('SizeTooLarge')) return {};
      throw error;
    } finally {
      hkdf.wipe();
    }
  },
};
