import { DecryptCommand, EncryptCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from 'vitest';
import { request } from 'node:http';
import { errorName } from './support/failure.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { bytes, present } from './support/values.js';

const { sim, client } = await simulated({ control: {} });
const kms = client();
const url = present(sim.controlUrl);
const key = await sim.aws.createKey({ region: HOME, alias: 'alias/controlled' });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function control(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: await response.json() };
}

afterEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

describe('the control API over HTTP', () => {
  it('tells where the services are and what it can do', async () => {
    const { status, body } = await control('GET', '/');
    expect(status).toBe(200);
    expect(body).toMatchObject({ endpoints: { 'aws-kms': sim.aws.endpoint } });
    expect((body as { routes: string[] }).routes).toContain('POST /regions/*/down');
  });

  it('injects, lists and clears faults', async () => {
    const first = await control('POST', '/faults', { kind: 'throttled', operation: 'ListKeys', count: 2 });
    expect(first).toMatchObject({ status: 201, body: { hits: 0, remaining: 2 } });
    const { id } = first.body as { id: string };
    await control('POST', '/faults', { kind: 'unavailable', region: AWAY });
    expect(await errorName(kms.send(new ListKeysCommand({})))).toBe('ThrottlingException');
    const listed = await control('GET', '/faults');
    expect(listed.body).toMatchObject([
      { id, fault: { kind: 'throttled', operation: 'ListKeys', count: 2 }, hits: 1, remaining: 1 },
      { fault: { kind: 'unavailable', region: AWAY }, hits: 0 },
    ]);
    expect((await control('DELETE', `/faults/${id}`)).body).toEqual({ cleared: 1 });
    expect((await kms.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    expect((await control('DELETE', '/faults')).body).toEqual({ cleared: 1 });
    expect(sim.faults.list()).toEqual([]);
  });

  it('refuses a fault that makes no sense, and says why', async () => {
    const answer = await control('POST', '/faults', { kind: 'throttled', operation: 'decrypt' });
    expect(answer).toEqual({
      status: 400,
      body: { error: { code: 'invalid-fault', message: 'There is no operation "decrypt"; it is spelt "Decrypt".' } },
    });
    expect(await control('POST', '/faults')).toMatchObject({ status: 400, body: { error: { code: 'invalid-fault' } } });
  });

  it('takes a Region down and up again', async () => {
    expect(await control('POST', `/regions/${HOME}/down`)).toMatchObject({ status: 201 });
    await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect((await control('POST', `/regions/${HOME}/up`)).body).toEqual({ cleared: 1 });
    expect((await kms.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    expect(await control('POST', `/regions/${HOME}/down?provider=aws-kms`)).toMatchObject({ status: 201 });
    expect((await control('POST', `/regions/${HOME}/up?provider=aws-kms`)).body).toEqual({ cleared: 1 });
    const unknown = await control('POST', `/regions/${HOME}/down?provider=gcp`);
    expect(unknown).toMatchObject({ status: 400, body: { error: { code: 'invalid-request' } } });
  });

  it('lists and counts requests, and forgets them', async () => {
    const EncryptionContext = { tenant: 'acme' };
    const sealed = await kms.send(
      new EncryptCommand({ KeyId: 'alias/controlled', Plaintext: bytes(8), EncryptionContext }),
    );
    await errorName(kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob })));
    expect((await control('GET', '/requests')).body).toEqual(sim.requests.list());
    const failed = await control('GET', '/requests?outcome=InvalidCiphertextException');
    expect(failed.body).toMatchObject([{ operation: 'Decrypt', keys: [key.arn] }]);
    const both = await control('GET', '/requests?operation=Encrypt&operation=Decrypt');
    expect(both.body).toHaveLength(2);
    const path = `/requests/counts?provider=aws-kms&region=${HOME}&account=111122223333&key=alias/controlled`;
    expect((await control('GET', path)).body).toEqual(sim.requests.counts());
    const typo = await control('GET', '/requests?regoin=x');
    expect(typo).toMatchObject({ status: 400, body: { error: { code: 'invalid-request' } } });
    await control('DELETE', '/requests');
    expect(sim.requests.count()).toBe(0);
  });

  it('advances the clock', async () => {
    const before = sim.clock.now();
    const { body } = await control('POST', '/clock/advance', { ms: 86_400_000 });
    expect(Date.parse((body as { now: string }).now)).toBeGreaterThanOrEqual(before + 86_400_000);
    expect(sim.clock.now()).toBeGreaterThanOrEqual(before + 86_400_000);
    for (const ms of [-1, '1', null, undefined]) {
      expect(await control('POST', '/clock/advance', { ms })).toMatchObject({ status: 400 });
    }
    expect(await control('POST', '/clock/advance')).toMatchObject({ status: 400 });
  });

  it('answers 404 with its routes, and 400 to a body that is no JSON', async () => {
    expect(await control('GET', '/fault')).toMatchObject({ status: 404, body: { error: { code: 'no-route' } } });
    expect(await control('PUT', '/faults')).toMatchObject({ status: 404 });
    const response = await fetch(`${url}/faults`, { method: 'POST', body: '{' });
    expect(response.status).toBe(400);
  });

  it.each([
    ['another host name', { host: 'evil.example' }],
    ['a web page', { host: '127.0.0.1', origin: 'http://127.0.0.1:3000' }],
  ])('refuses requests from %s', async (_, headers) => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${url}/faults`, { method: 'DELETE', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
    expect(status).toBe(400);
  });
});
