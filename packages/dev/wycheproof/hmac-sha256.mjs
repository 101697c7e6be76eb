import { check, hex } from './vectors.mjs';

/** @type {import('./vectors.mjs').Primitive} */
export const hmacSha256 = {
  name: 'HMAC-SHA-256',
  files: ['hmac_sha256_test.json'],
  async run({ primitives }, group, test) {
    if (group.tagSize !== 256) return { notApplicable: 'tag other than 256 bits' };
    const mac = await primitives.hmacSha256(hex(test.key), hex(test.msg));
    const accepted = primitives.equalInConstantTime(mac, hex(test.tag));
    return test.result === 'invalid' ? check({ 'accepted an altered tag': !accepted }) : check({ 'gave another tag': accepted });
  },
};
