import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { azureRequest } from './support/azure-request.js';
import { azureSimulated } from './support/azure-simulated.js';

const { sim } = await azureSimulated();
const { name, version } = await sim.azure.createKey({ name: 'app' });
const VERSION = 'api-version=2025-07-01';

describe('a path', () => {
  it.each([
    `/keys/app?${VERSION}`,
    `/keys/app/?${VERSION}`,
    `/keys/app/${version}?api%2Dversion=7.0`,
    `//keys/APP/${version.toUpperCase()}?api-version=7.3-preview`,
    `/Keys/a%70p?api-version=2016-10-01`,
  ])('%s is the key', async (path) => {
    const { status, body } = await azureRequest(sim, 'GET', path);
    expect({ status, body }).toMatchObject({ status: 200, body: { key: { kid: `${sim.azure.vaultUrl()}/keys/${name}/${version}` } } });
  });

  it.each([
    ['GET', '/'],
    ['GET', '/secrets/app'],
    ['PUT', `/keys/${name}`],
    ['POST', `/keys/${name}/${version}/sign`],
    ['POST', `/keys/${name}/backup`],
    ['GET', `/keys/${name}/rotationpolicy`],
    ['POST', '/rng'],
  ])('%s %s is said not to be simulated', async (method, path) => {
    const { status, body } = await azureRequest(sim, method, `${path}?${VERSION}`);
    expect({ status, body }).toMatchObject({ status: 501, body: { error: { code: 'NotImplemented' } } });
  });
});

describe('a request is refused', () => {
  const path = `/keys/app//wrapkey?${VERSION}`;

  it.each([
    ['without an api-version', `/keys/app`, undefined],
    ['with one that is none', `/keys/app?api-version=latest`, undefined],
    ['with a body that is no JSON', path, '{'],
    ['with a body that is no object', path, '[]'],
    ['with an algorithm that is no text', path, '{"alg":7,"value":"AAAA"}'],
    ['with no algorithm', path, '{"value":"AAAA"}'],
    ['with an algorithm that is none', path, '{"alg":"toString","value":"AAAA"}'],
    ['with no value', path, '{"alg":"RSA-OAEP-256"}'],
    ['with a value that is no base64url', path, '{"alg":"RSA-OAEP-256","value":"+/+/"}'],
    ['with tags that are none', `/keys/new/create?${VERSION}`, '{"kty":"RSA","tags":{"a":1}}'],
    ['with operations that are none', `/keys/new/create?${VERSION}`, '{"kty":"RSA","key_ops":["mine"]}'],
    ['with attributes that are none', `/keys/new/create?${VERSION}`, '{"kty":"RSA","attributes":[]}'],
    ['with a time that is none', `/keys/new/create?${VERSION}`, '{"kty":"RSA","attributes":{"exp":1.5}}'],
    ['with a page that is none', `/keys?maxresults=0&${VERSION}`, undefined],
    ['with a page that was not offered', `/keys?$skiptoken=x&${VERSION}`, undefined],
  ])('%s', async (_what, where, body) => {
    const answer = await azureRequest(sim, body === undefined ? 'GET' : 'POST', where, body === undefined ? {} : { body });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'BadParameter', message: expect.stringMatching(/\w/) as string } } });
  });

  it('with too long a body', async () => {
    const { status } = await azureRequest(sim, 'POST', path, { body: 'x'.repeat(1024 * 1024 + 1) });
    expect(status).toBe(413);
  });
});

describe('the certificate', () => {
  const certificate = new X509Certificate(sim.azure.ca);

  it('is for this machine alone, and signed by itself', () => {
    expect(certificate.subjectAltName).toBe('IP Address:127.0.0.1, DNS:localhost');
    expect(certificate.ca).toBe(false);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 360 * 86_400_000);
    expect(certificate.serialNumber).toMatch(/^40[0-9A-F]{30}$/);
  });

  it('is what every vault shows, and no other client takes it', async () => {
    await sim.azure.createVault({ name: 'second' });
    const port = Number(new URL(sim.azure.vaultUrl('second')).port);
    const trusting = connect({ host: '127.0.0.1', port, ca: sim.azure.ca });
    await once(trusting, 'secureConnect');
    expect(trusting.authorized).toBe(true);
    expect(trusting.getPeerX509Certificate()?.fingerprint256).toBe(certificate.fingerprint256);
    trusting.destroy();
    const other = connect({ host: '127.0.0.1', port });
    expect(await once(other, 'error')).toMatchObject([{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }]);
  });
});
