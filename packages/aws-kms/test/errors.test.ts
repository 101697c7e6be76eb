/** Errors of AWS KMS, of the SDK, of the network and of what stands between, told apart by what to do about them. */
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { FailureReason } from '@keyfold/core/keyring';
import { withEnvironment } from '@keyfold/dev/testing';
import { failure, unwrapFrom, wrapOne } from '@keyfold/keyring-testkit/helpers';
import { afterEach, describe, expect, it } from 'vitest';
import { NOTHING_SET_UP } from './support/environment.js';
import { withServer } from './support/own-server.js';
import { HOME, simulated } from './support/simulated.js';

const { sim, keyring } = await simulated();
const key = await sim.aws.createKey({ region: HOME });
const mine = keyring({ key: key.arn });
const wrapped = await wrapOne(mine);

afterEach(() => {
  sim.faults.clear();
});

describe('errors that AWS KMS answers with', () => {
  it.each<[string, FailureReason, boolean, RegExp]>([
    ['AccessDeniedException', 'access-denied', false, /kms:Decrypt on arn:aws:kms:eu-west-1/],
    ['InvalidGrantTokenException', 'access-denied', false, /kms:Decrypt/],
    ['ExpiredTokenException', 'access-denied', false, /credentials/],
    ['UnrecognizedClientException', 'access-denied', false, /aws sts get-caller-identity/],
    ['IncompleteSignatureException', 'access-denied', false, /credentials/],
    ['MissingAuthenticationTokenException', 'access-denied', false, /credentials/],
    ['InvalidSignatureException', 'access-denied', false, /credentials/],
    ['RequestExpired', 'access-denied', false, /clock/],
    ['NotFoundException', 'not-found', false, /aws kms describe-key --key-id arn:aws:kms:eu-west-1.* --region eu-west-1/],
    ['DisabledException', 'disabled', false, /aws kms enable-key/],
    ['ThrottlingException', 'throttled', true, /quota/],
    ['LimitExceededException', 'throttled', true, /quota/],
    ['KMSInternalException', 'unavailable', true, /later/],
    ['DependencyTimeoutException', 'unavailable', true, /later/],
    ['KeyUnavailableException', 'unavailable', true, /later/],
    ['ServiceUnavailableException', 'unavailable', true, /later/],
    ['InvalidCiphertextException', 'corrupt', false, /unaltered, and that every external context value/],
    ['IncorrectKeyException', 'corrupt', false, /unaltered/],
    ['InvalidKeyUsageException', 'misconfigured', false, /key for encryption/],
    ['UnsupportedOperationException', 'misconfigured', false, /key for encryption/],
    ['ValidationException', 'misconfigured', false, /limits of AWS KMS/],
    ['InvalidArnException', 'misconfigured', false, /name and Region/],
    ['SomethingNewException', 'unknown', false, /API Reference/],
  ])('%s', async (code, reason, retryable, remedy) => {
    sim.faults.inject({ kind: 'error', code, message: 'As the service puts it.' });
    const error = await failure(unwrapFrom(mine, [wrapped]), 'keyring-failed');
    expect(error.details).toMatchObject({ operation: 'unwrap', keyId: key.arn, reason, retryable });
    expect(error.details.remedy).toMatch(remedy);
    expect(error.message).toContain(`AWS KMS answered Decrypt with ${code}`);
    expect(error.cause).toMatchObject({ name: code, message: 'As the service puts it.', $metadata: { httpStatusCode: 400, attempts: 1 } });
  });

  it.each<[string, FailureReason, boolean, RegExp]>([
    ['is pending deletion.', 'pending-deletion', false, /aws kms cancel-key-deletion/],
    ['is pending replica deletion.', 'pending-deletion', false, /cancel-key-deletion/],
    ['is pending import.', 'unavailable', false, /[Ii]mport the key material/],
    ['is creating.', 'unavailable', true, /Wait/],
    ['is unavailable.', 'unavailable', true, /custom key store/],
  ])('KMSInvalidStateException: the key %s', async (state, reason, retryable, remedy) => {
    sim.faults.inject({ kind: 'error', code: 'KMSInvalidStateException', message: `${key.arn} ${state}` });
    const error = await failure(wrapOne(mine), 'keyring-failed');
    expect(error.details).toMatchObject({ reason, retryable });
    expect(error.details.remedy).toMatch(remedy);
    expect(error.message).toContain(`${key.arn} ${state}`);
  });

  it.each([
    [429, 'throttled'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ] as const)('an unknown one with status %i', async (status, reason) => {
    sim.faults.inject({ kind: 'error', code: 'SomethingNewException', status });
    expect((await failure(wrapOne(mine), 'keyring-failed')).details).toMatchObject({ reason, retryable: true });
  });

  it('are quoted only where they cannot hold a value of the context', async () => {
    const message = "1 validation error detected: Value '{tenant=acme-corporation}' at 'encryptionContext'";
    sim.faults.inject({ kind: 'error', code: 'ValidationException', message, count: 1 });
    const error = await failure(wrapOne(mine, { tenant: 'acme-corporation' }), 'keyring-failed');
    expect(error.message).not.toContain('acme-corporation');
    sim.faults.inject({ kind: 'access-denied' });
    const denied = await failure(wrapOne(mine), 'keyring-failed');
    expect(denied.message).toContain('no identity-based policy allows the kms:Encrypt action');
  });

  it('are quoted in one line, and not at any length', async () => {
    sim.faults.inject({ kind: 'error', code: 'NotFoundException', message: `a\n\tb\u001b[2J${'c'.repeat(5_000)}` });
    const { message } = await failure(wrapOne(mine), 'keyring-failed');
    expect(message).toContain(': a b?[2Jccc');
    expect(message.length).toBeLessThan(1_500);
  });

  it('name the algorithm to pass when a key that wraps is of another kind', async () => {
    const rsa = await sim.aws.createKey({ region: HOME, keySpec: 'RSA_2048' });
    const error = await failure(wrapOne(keyring({ key: rsa.arn })), 'keyring-failed');
    expect(error.details.reason).toBe('misconfigured');
    expect(error.details.remedy).toContain("algorithm: 'RSAES_OAEP_SHA_256'");
  });
});

describe('errors on the way', () => {
  const at = async (clientConfig: KMSClientConfig): Promise<ReturnType<typeof failure<'keyring-failed'>>> => {
    const { credentials } = sim.aws.clientConfig(HOME);
    const one = keyring({ key: key.arn, clientConfig: { credentials, maxAttempts: 1, ...clientConfig } });
    return await failure(wrapOne(one), 'keyring-failed');
  };

  it('nobody listens', async () => {
    const error = await at({ endpoint: 'http://127.0.0.1:1' });
    expect(error.details).toMatchObject({ reason: 'unavailable', retryable: true });
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('no such host', async () => {
    const error = await at({ endpoint: 'http://kms.invalid' });
    expect(error.details).toMatchObject({ reason: 'unavailable', retryable: true });
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it('no TLS where TLS is expected', async () => {
    const error = await at({ endpoint: sim.aws.endpoint.replace('http:', 'https:') });
    expect(error.details).toMatchObject({ reason: 'misconfigured', retryable: false });
    expect(error.details.remedy).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('no credentials', async () => {
    await withEnvironment(NOTHING_SET_UP, async () => {
      const one = keyring({ key: key.arn, clientConfig: { endpoint: sim.aws.endpoint } });
      const error = await failure(wrapOne(one), 'keyring-failed');
      expect(error.details).toMatchObject({ reason: 'access-denied', retryable: false });
      expect(error.details.remedy).toContain('aws sts get-caller-identity');
      expect(error.cause).toMatchObject({ name: 'CredentialsProviderError', message: expect.stringMatching(/credentials/i) as string });
    });
  });

  it('no Region', async () => {
    await withEnvironment(NOTHING_SET_UP, async () => {
      const one = keyring({ key: key.keyId });
      const error = await failure(wrapOne(one), 'keyring-failed');
      expect(error.details).toMatchObject({ reason: 'misconfigured', retryable: false });
      expect(error.details.remedy).toContain('AWS_REGION');
    });
  });

  it('a client that gives up on its own', async () => {
    const gaveUp = async (): Promise<never> => await Promise.reject(Object.assign(new Error('x'), { name: 'TimeoutError' }));
    const error = await failure(wrapOne(keyring({ key: key.arn, client: { send: gaveUp } })), 'keyring-failed');
    expect(error.details).toMatchObject({ reason: 'timeout', retryable: true });
  });

  it.each([[undefined], [null], ['text'], [{}], [new TypeError('a bug')]])('a client that throws %s', async (thrown) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- clients may reject with anything
    const one = keyring({ key: key.arn, client: { send: async () => await Promise.reject(thrown) } });
    const error = await failure(wrapOne(one), 'keyring-failed');
    expect(error.details).toMatchObject({ reason: 'unknown', retryable: false });
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('a client that throws at once', async () => {
    const send = (): never => {
      throw new TypeError('a bug');
    };
    const error = await failure(wrapOne(keyring({ key: key.arn, client: { send } })), 'keyring-failed');
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'a bug' });
  });
});

describe('something else than AWS KMS that answers', () => {
  it.each<[number, string, FailureReason, boolean]>([
    [200, '<html>Please log in</html>', 'integrity', true],
    [200, '{}', 'integrity', false],
    [200, '[]', 'integrity', false],
    [200, '{"KeyId":"KEY","CiphertextBlob":""}', 'integrity', false],
    [403, '<html>Blocked</html>', 'misconfigured', false],
    [429, '<html>Slow down</html>', 'throttled', true],
    [502, '<html>Bad gateway</html>', 'unavailable', true],
    [503, '', 'unavailable', true],
  ])('status %i and %s', async (status, body, reason, retryable) => {
    await withServer(status, body.replace('KEY', key.arn), async (endpoint) => {
      const { credentials } = sim.aws.clientConfig(HOME);
      const one = keyring({ key: key.arn, clientConfig: { endpoint, credentials, maxAttempts: 1 } });
      expect((await failure(wrapOne(one), 'keyring-failed')).details).toMatchObject({ reason, retryable });
      one.close();
    });
  });
});
