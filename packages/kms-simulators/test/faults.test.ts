import {
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  ListKeysCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '@keyfold/kms-simulators';
import { errorName, failureOf } from './support/failure.js';
import { AWAY, HOME, simulated } from './support/simulated.js';
import { VALID_HEADERS } from './support/raw-request.js';
import { bytes, present } from './support/values.js';

/** Longer than any test: what waits for it ends only because something ended it. */
const FOREVER = 3_600_000;

const { sim, client } = await simulated();
const kms = client();
const key = await sim.aws.createKey({ region: HOME, alias: 'alias/hit' });
const other = await sim.aws.createKey({ region: HOME });
const Plaintext = bytes(32);
const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: key.arn, Plaintext }));

const decrypt = async (signal?: AbortSignal): Promise<Uint8Array | undefined> => {
  const command = new DecryptCommand({ KeyId: key.arn, CiphertextBlob });
  return (await kms.send(command, signal === undefined ? {} : { abortSignal: signal })).Plaintext;
};
/** Resolves when a request is under way, unanswered. */
const pending = async (): Promise<void> => {
  await expect.poll(() => sim.requests.list({ outcome: 'pending' })).toHaveLength(1);
};

beforeEach(() => {
  sim.faults.clear();
  sim.requests.reset();
});

describe('faults that refuse', () => {
  it.each<[Fault['kind'], string, number]>([
    ['throttled', 'ThrottlingException', 400],
    ['access-denied', 'AccessDeniedException', 400],
    ['internal-error', 'KMSInternalException', 500],
    ['dependency-timeout', 'DependencyTimeoutException', 500],
    ['unavailable', 'KeyUnavailableException', 500],
  ])('%s answers with %s', async (kind, name, status) => {
    sim.faults.inject({ kind, count: 1 } as Fault);
    expect(await failureOf(decrypt())).toMatchObject({ name, status });
    expect(sim.requests.list()).toMatchObject([{ outcome: name, fault: kind }]);
    expect(await decrypt()).toEqual(Plaintext);
  });

  it('error answers with any code', async () => {
    sim.faults.inject({ kind: 'error', code: 'LimitExceededException', status: 400, message: 'Too many.', count: 1 });
    expect(await failureOf(decrypt())).toEqual({ name: 'LimitExceededException', status: 400, message: 'Too many.' });
  });

  it('access-denied names the permission, the user and the key', async () => {
    sim.faults.inject({ kind: 'access-denied', operation: 'Decrypt', key: key.keyId });
    expect((await failureOf(decrypt())).message).toBe(
      'User: arn:aws:iam::111122223333:user/simulator is not authorized to perform: kms:Decrypt ' +
        `on resource: ${key.arn} because no identity-based policy allows the kms:Decrypt action`,
    );
  });

  it('throttled is retried by the SDK, as it is in the cloud', async () => {
    const fault = sim.faults.inject({ kind: 'throttled', operation: 'Decrypt', count: 2 });
    const retrying = client(HOME, undefined, { maxAttempts: 3 });
    const answer = await retrying.send(new DecryptCommand({ CiphertextBlob }));
    expect(answer.Plaintext).toEqual(Plaintext);
    expect(fault).toMatchObject({ hits: 2, remaining: 0 });
    expect(sim.requests.count({ operation: 'Decrypt' })).toBe(3);
  });

  it('do not do the work', async () => {
    const { keyId } = await sim.aws.createKey({ region: HOME });
    sim.faults.inject({ kind: 'internal-error', count: 1 });
    await failureOf(kms.send(new DisableKeyCommand({ KeyId: keyId })));
    expect(sim.aws.findKey({ region: HOME, key: keyId })?.state).toBe('Enabled');
  });
});

describe('faults of the connection', () => {
  it('reset ends it before any answer', async () => {
    sim.faults.inject({ kind: 'reset', count: 1 });
    await expect(decrypt()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(sim.requests.list()).toMatchObject([{ outcome: 'no-answer', fault: 'reset' }]);
  });

  it('cut-off ends it in the middle of the answer', async () => {
    sim.faults.inject({ kind: 'cut-off', count: 1 });
    await expect(decrypt()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(sim.requests.list()).toMatchObject([{ outcome: 'damaged', fault: 'cut-off' }]);
  });

  it('cut-off sends the head and half of the body first', async () => {
    sim.faults.inject({ kind: 'cut-off', count: 1 });
    const response = await fetch(sim.aws.endpoint, { method: 'POST', headers: VALID_HEADERS, body: '{}' });
    expect(response.status).toBe(200);
    const half = Math.ceil(Number(response.headers.get('content-length')) / 2);
    const received: number[] = [];
    const reading = (async () => {
      for await (const chunk of present(response.body ?? undefined)) received.push(...chunk);
    })();
    await expect(reading).rejects.toThrow();
    expect(received).toHaveLength(half);
  });

  it.each(['truncated', 'garbage'] as const)('%s is no JSON', async (kind) => {
    sim.faults.inject({ kind, count: 1 });
    await expect(decrypt()).rejects.toThrow(SyntaxError);
    expect(sim.requests.list()).toMatchObject([{ outcome: 'damaged', fault: kind }]);
  });
});

describe('faults of time', () => {
  it('hang never answers; the caller who leaves is let go', async () => {
    sim.faults.inject({ kind: 'hang' });
    const leaving = new AbortController();
    const call = decrypt(leaving.signal);
    await pending();
    leaving.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => sim.requests.list()).toMatchObject([{ outcome: 'no-answer', fault: 'hang' }]);
  });

  it.each<Fault>([
    { kind: 'hang' },
    { kind: 'latency', ms: FOREVER },
    { kind: 'late-success', ms: FOREVER },
  ])('$kind ends with the right answer when it is cleared', async (fault) => {
    const injected = sim.faults.inject({ ...fault, operation: 'Decrypt' });
    const call = decrypt();
    await pending();
    expect(await errorName(kms.send(new DescribeKeyCommand({ KeyId: 'alias/none' })))).toBe('NotFoundException');
    expect(sim.requests.list({ operation: 'Decrypt' })).toMatchObject([{ outcome: 'pending' }]);
    injected.clear();
    expect(await call).toEqual(Plaintext);
    expect(sim.requests.list({ operation: 'Decrypt' })).toMatchObject([{ outcome: 'ok', fault: fault.kind }]);
  });

  it.each([
    ['latency', 'Enabled'],
    ['late-success', 'Disabled'],
  ] as const)('%s leaves the key %s for a caller who left', async (kind, state) => {
    const { keyId } = await sim.aws.createKey({ region: HOME });
    sim.faults.inject({ kind, ms: FOREVER });
    const leaving = new AbortController();
    const call = kms.send(new DisableKeyCommand({ KeyId: keyId }), { abortSignal: leaving.signal });
    await pending();
    leaving.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => sim.requests.count({ outcome: 'no-answer' })).toBe(1);
    expect(sim.aws.findKey({ region: HOME, key: keyId })?.state).toBe(state);
  });

  it.each(['latency', 'late-success'] as const)('%s answers by itself in the end', async (kind) => {
    sim.faults.inject({ kind, ms: 1, count: 1 });
    expect(await decrypt()).toEqual(Plaintext);
  });
});

describe('faults that answer wrongly', () => {
  it('wrong-plaintext gives a data key that its ciphertext does not hold', async () => {
    sim.faults.inject({ kind: 'wrong-plaintext', count: 1 });
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId: key.arn, KeySpec: 'AES_256' }));
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
    const right = present(opened.Plaintext);
    expect(made.Plaintext).toEqual(right.map((byte, index) => (index === 0 ? byte ^ 1 : byte)));
    expect(sim.requests.list()).toMatchObject([{ outcome: 'damaged', fault: 'wrong-plaintext' }, { outcome: 'ok' }]);
  });

  it('wrong-plaintext decrypts to, or encrypts, something else', async () => {
    sim.faults.inject({ kind: 'wrong-plaintext', count: 2 });
    expect(await decrypt()).not.toEqual(Plaintext);
    const sealed = await kms.send(new EncryptCommand({ KeyId: key.arn, Plaintext }));
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }));
    expect(opened.Plaintext).not.toEqual(Plaintext);
  });

  it('other-key encrypts and generates under another key', async () => {
    sim.faults.inject({ kind: 'other-key', otherKey: other.arn, count: 2 });
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId: key.arn, KeySpec: 'AES_256' }));
    expect(made.KeyId).toBe(other.arn);
    const opened = await kms.send(new DecryptCommand({ KeyId: other.arn, CiphertextBlob: made.CiphertextBlob }));
    expect(opened.KeyId).toBe(other.arn);
    expect(opened.Plaintext).not.toEqual(Plaintext);
  });

  it('other-key moves a ciphertext to another key, and describes another', async () => {
    sim.faults.inject({ kind: 'other-key', otherKey: other.keyId, count: 2 });
    const moved = await kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: key.arn }));
    expect(moved).toMatchObject({ KeyId: other.arn, SourceKeyId: key.arn });
    const described = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/hit' }));
    expect(described.KeyMetadata?.Arn).toBe(other.arn);
    sim.faults.clear();
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }));
    expect(opened).toMatchObject({ KeyId: other.arn, Plaintext });
  });

  it('other-key makes a key of the same kind if there is none', async () => {
    const region = 'ap-south-1';
    const south = client(region);
    const rsa = await sim.aws.createKey({ region, keySpec: 'RSA_2048' });
    await sim.aws.createKey({ region });
    sim.faults.inject({ kind: 'other-key', count: 1 });
    const answer = await south.send(new GetPublicKeyCommand({ KeyId: rsa.arn }));
    expect(answer.KeyId).not.toBe(rsa.arn);
    expect(answer.KeySpec).toBe('RSA_2048');
    expect((await south.send(new ListKeysCommand({}))).Keys).toHaveLength(3);
  });
});

describe('which requests a fault hits', () => {
  const hits = async (fault: Omit<Fault, 'kind'>, call: () => Promise<unknown>): Promise<boolean> => {
    const injected = sim.faults.inject({ kind: 'throttled', ...fault });
    await call().catch(() => undefined);
    injected.clear();
    return injected.hits === 1;
  };

  it.each([
    ['its id', key.keyId],
    ['its ARN', key.arn],
    ['its alias', 'alias/hit'],
    ['its alias ARN', present(key.aliasArn)],
  ])('a fault that names a key by %s finds it by any name', async (_, name) => {
    for (const KeyId of [key.keyId, key.arn, 'alias/hit', key.aliasArn]) {
      const call = async (): Promise<unknown> => await kms.send(new DescribeKeyCommand({ KeyId }));
      expect(await hits({ key: name }, call)).toBe(true);
    }
    const nameless = async (): Promise<unknown> => await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(await hits({ key: name }, nameless)).toBe(true);
    const stranger = async (): Promise<unknown> => await kms.send(new DescribeKeyCommand({ KeyId: other.arn }));
    expect(await hits({ key: name }, stranger)).toBe(false);
  });

  it('the source and the destination of ReEncrypt are both its keys', async () => {
    const call = async (): Promise<unknown> => {
      return await kms.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: other.arn }));
    };
    expect(await hits({ key: key.arn }, call)).toBe(true);
    expect(await hits({ key: other.keyId }, call)).toBe(true);
    expect(await hits({ key: 'alias/none' }, call)).toBe(false);
  });

  it('Region, operation and account narrow it', async () => {
    const call = async (): Promise<unknown> => await kms.send(new ListKeysCommand({}));
    expect(await hits({}, call)).toBe(true);
    expect(await hits({ provider: 'aws-kms', region: HOME, account: '111122223333' }, call)).toBe(true);
    expect(await hits({ operation: ['Decrypt', 'ListKeys'] }, call)).toBe(true);
    expect(await hits({ region: AWAY }, call)).toBe(false);
    expect(await hits({ operation: 'Decrypt' }, call)).toBe(false);
    expect(await hits({ account: '999999999999' }, call)).toBe(false);
  });

  it('several faults hit one after the other, in the order of injection', async () => {
    sim.faults.inject({ kind: 'throttled', count: 2 });
    sim.faults.inject({ kind: 'unavailable', count: 1 });
    const names = [];
    for (let i = 0; i < 3; i += 1) names.push(await errorName(decrypt()));
    expect(names).toEqual(['ThrottlingException', 'ThrottlingException', 'KeyUnavailableException']);
    expect(await decrypt()).toEqual(Plaintext);
  });
});

describe('a Region that is down', () => {
  it('resets every connection, other faults or not; other Regions go on', async () => {
    sim.faults.inject({ kind: 'throttled' });
    const down = sim.faults.regionDown(HOME);
    await expect(decrypt()).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await errorName(client(AWAY).send(new ListKeysCommand({})))).toBe('ThrottlingException');
    expect(down.hits).toBe(2);
    expect(sim.faults.regionUp(AWAY)).toBe(0);
    expect(sim.faults.regionUp(HOME)).toBe(1);
    expect(await errorName(decrypt())).toBe('ThrottlingException');
  });
});

describe('faults that make no sense', () => {
  it.each<[string, unknown, RegExp]>([
    ['no object', 'throttled', /A fault is an object/],
    ['an unknown kind', { kind: 'slow' }, /The kind of a fault is one of: latency/],
    ['a misspelt field', { kind: 'reset', regoin: HOME }, /no field "regoin"/],
    ['a field of another kind', { kind: 'reset', ms: 5 }, /no field "ms"/],
    ['a field missing', { kind: 'latency' }, /needs the field "ms"/],
    ['a misspelt operation', { kind: 'reset', operation: 'decrypt' }, /it is spelt "Decrypt"/],
    ['an unknown operation', { kind: 'reset', operation: ['Decrypt', 'Sign'] }, /no simulated service.*"Sign"/i],
    ['a count of 0', { kind: 'reset', count: 0 }, /count/],
    ['a negative time', { kind: 'latency', ms: -1 }, /ms/],
    ['a status of success', { kind: 'error', code: 'X', status: 200 }, /status/],
    ['a provider that is not simulated', { kind: 'reset', provider: 'azure' }, /provider/],
    ['an empty Region', { kind: 'reset', region: '' }, /region/],
  ])('are refused: %s', (_, fault, message) => {
    expect(() => sim.faults.inject(fault as Fault)).toThrow(
      expect.objectContaining({ code: 'invalid-fault', message: expect.stringMatching(message) as string }) as Error,
    );
    expect(sim.faults.list()).toEqual([]);
  });
});
