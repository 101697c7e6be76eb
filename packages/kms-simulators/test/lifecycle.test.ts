import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { SimulatorError, startSimulators } from '@keyfold/kms-simulators';
import { HOME } from './support/simulated.js';

async function freePort(): Promise<number> {
  const sim = await startSimulators();
  await sim.close();
  return Number(new URL(sim.aws.endpoint).port);
}

describe('startSimulators', () => {
  it('refuses a port that is taken, with a sentence that helps', async () => {
    await using first = await startSimulators();
    const port = Number(new URL(first.aws.endpoint).port);
    const second = startSimulators({ aws: { port } });
    await expect(second).rejects.toSatisfy(SimulatorError.isInstance);
    await expect(second).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken`) as string,
    });
  });

  it('leaves nothing running when it fails half-way', async () => {
    await using first = await startSimulators();
    const taken = Number(new URL(first.aws.endpoint).port);
    const port = await freePort();
    const failing = startSimulators({ aws: { port }, control: { port: taken } });
    await expect(failing).rejects.toMatchObject({ code: 'port-in-use' });
    await using again = await startSimulators({ aws: { port } });
    expect(again.aws.endpoint).toContain(`:${port}`);
  });

  it('does not start once it is aborted', async () => {
    await expect(startSimulators({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('close', () => {
  it('ends requests that hang, frees the port, and may be called again', async () => {
    const sim = await startSimulators({ control: {} });
    const port = Number(new URL(sim.aws.endpoint).port);
    const kms = new KMSClient({ ...sim.aws.clientConfig(HOME), maxAttempts: 1 });
    sim.faults.inject({ kind: 'hang', count: 1 });
    sim.faults.inject({ kind: 'latency', ms: 3_600_000, count: 1 });
    const calls = [kms.send(new ListKeysCommand({})), kms.send(new ListKeysCommand({}))];
    const settled = Promise.allSettled(calls);
    await expect.poll(() => sim.requests.count({})).toBe(2);
    await sim.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(sim.requests.count({ outcome: 'no-answer' })).toBe(2);
    await sim.close();
    kms.destroy();
    await using again = await startSimulators({ aws: { port } });
    expect(again.aws.endpoint).toBe(sim.aws.endpoint);
  });
});
