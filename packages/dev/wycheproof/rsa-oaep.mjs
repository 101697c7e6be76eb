import { check, hex, same } from './vectors.mjs';

/** @type {import('./vectors.mjs').Primitive} */
export const rsaOaep = {
  name: 'RSA-OAEP-256',
  files: [2048, 3072, 4096].map((bits) => `rsa_oaep_${bits}_sha256_mgf1sha256_test.json`),
  async run({ readRsaKey, openOaep }, group, test) {
    if (group.sha !== 'SHA-256' || group.mgfSha !== 'SHA-256') return { notApplicable: 'hash other than SHA-256' };
    if (test.label !== '') return { notApplicable: 'with a label' };
    const key = await readRsaKey(hex(group.privateKeyPkcs8), 'private', 'privateKeyPkcs8').load();
    const opened = await openOaep(key, hex(test.ct));
    if (test.result === 'invalid') return check({ 'opened an altered ciphertext': opened === undefined });
    return check({ 'opened to something else': same(opened, hex(test.msg)) });
  },
};
