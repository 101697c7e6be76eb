import { describe, expect, it } from 'vitest';
import type { NamedHeader } from '@keyfold/core';
import { domainsOf } from '../src/domains/index.js';
import { drill, parseSelectors } from '../src/index.js';
import type { DrilledScenario, DrillHeader, DrillReport } from '../src/index.js';
import { AZURE, BACKUP, FRANKFURT, GOOGLE, header, IRELAND, MULTI_REGION, paddedHeader, pending, quorum, wrapped } from './support/headers.js';

function find({ scenarios }: DrillReport, name: string): DrilledScenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined) throw new Error(`no scenario ${name} among ${scenarios.map((scenario) => scenario.name).join('; ')}`);
  return found;
}

describe('failure domains', () => {
  it.each([
    ['aws-kms', FRANKFURT, { region: 'eu-central-1', account: '111122223333' }],
    ['aws-kms', 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:alias/app', { region: 'us-gov-west-1', account: '111122223333' }],
    ['aws-kms', 'alias/app', {}],
    ['gcp-kms', GOOGLE, { region: 'europe-west3', account: 'acme-prod' }],
    ['azure-keyvault', AZURE, { account: 'acme.vault.azure.net' }],
    ['local-raw', FRANKFURT, {}],
    ['constructor', 'x', {}],
  ])('are what the key id of %s says: %s', (provider, keyId, expected) => {
    expect(domainsOf({ provider, keyId })).toEqual({ provider, ...expected });
  });

  it('a multi-Region key is lost with the Region that headers name, and the report says that this is assumed', async () => {
    const headers = [await header('a', wrapped('aws-kms', MULTI_REGION))];
    const report = await drill(headers);
    expect(find(report, 'region eu-central-1').gone).toEqual({ count: 1, ids: ['a'] });
    expect(report.assumptions.join()).toContain('1 multi-Region key counts as lost with the one Region');
  });

  it.each(['mrk-000000000000000000000000000000ff', MULTI_REGION])('stated replicas outlast it, lost are they together: %s', async (name) => {
    const report = await drill([await header('a', wrapped('aws-kms', MULTI_REGION))], { replicas: { [name]: ['eu-west-1'] } });
    expect(find(report, 'region eu-central-1').gone.count).toBe(0);
    expect(find(report, 'region eu-west-1').gone.count).toBe(0);
    expect(find(report, 'region eu-central-1 and region eu-west-1').gone.count).toBe(1);
    expect(find(report, 'account 111122223333').gone.count).toBe(1);
    expect(report.assumptions.join()).not.toContain('multi-Region');
  });

  it('a mapping of yours adds kinds, and overrides what ids say', async () => {
    const headers = [await header('a', wrapped('aws-kms', FRANKFURT), wrapped('gcp-kms', GOOGLE)), await header('b', wrapped('gcp-kms', GOOGLE), wrapped('local-raw', 'safe'))];
    const report = await drill(headers, {
      domainOf: ({ provider }, derived) => (provider === 'local-raw' ? { site: 'Zug' } : { ...derived, site: 'Frankfurt' }),
      require: ['any-site', 'any-provider'],
    });
    expect(report.kinds).toEqual(['site', 'provider', 'account', 'region', 'key']);
    expect(find(report, 'site Frankfurt').gone).toEqual({ count: 1, ids: ['a'] });
    expect(report.verdict).toMatchObject({ level: 'red', headline: 'Not safe: 1 envelope is lost with site Frankfurt.' });
  });

  it('a mapping that returns nonsense is refused', async () => {
    const headers = [await header('a', wrapped('p', 'k'))];
    for (const domains of [{ site: '' }, { site: [] }, { site: 7 }, { keyId: 'x' }, { 'a b': 'x' }]) {
      await expect(drill(headers, { domainOf: () => domains as never })).rejects.toMatchObject({ code: 'invalid-argument', details: { argument: 'options.domainOf' } });
    }
  });
});

describe('the verdict', () => {
  it('is green when any one of each kind may be lost', async () => {
    const headers = [await header('a', wrapped('aws-kms', FRANKFURT), wrapped('gcp-kms', GOOGLE)), await header('b', wrapped('aws-kms', BACKUP), wrapped('gcp-kms', GOOGLE))];
    const { verdict } = await drill(headers);
    expect(verdict).toMatchObject({ level: 'green', holds: true, headline: 'All 2 envelopes survive the loss of any one provider, account, region or key.' });
  });

  it('names the worst of what fails', async () => {
    const headers = [
      await header('a', wrapped('aws-kms', FRANKFURT)),
      await header('b', wrapped('aws-kms', IRELAND)),
      await header('c', wrapped('aws-kms', IRELAND)),
    ];
    const { verdict } = await drill(headers, { require: ['any-region'] });
    expect(verdict).toMatchObject({ level: 'red', holds: false, headline: 'Not safe: 2 envelopes are lost with region eu-west-1, and 1 other loss does harm too.' });
    expect(verdict.requirements).toMatchObject([{ require: 'any-region', holds: false, failing: ['region eu-west-1', 'region eu-central-1'] }]);
  });

  it('looks at pairs where they are required', async () => {
    const headers = [await header('a', wrapped('aws-kms', FRANKFURT), wrapped('aws-kms', IRELAND))];
    expect((await drill(headers, { require: ['any-region'] })).verdict.holds).toBe(true);
    const two = await drill(headers, { require: ['any-two-regions'] });
    expect(two.verdict.requirements).toMatchObject([{ holds: false, failing: ['region eu-central-1 and region eu-west-1'] }]);
    expect((await drill(headers, { require: ['any-two-regions'], pairs: false })).verdict.holds).toBe(false);
  });

  it('is amber while envelopes wait for repair, and red where nothing may wait', async () => {
    const headers = [await header('a', wrapped('local-raw', 'a'), wrapped('local-raw', 'b'), pending('aws-kms', 'alias/app'))];
    const report = await drill(headers, { require: ['any-key'] });
    expect(report.verdict).toMatchObject({ level: 'amber', holds: true, headline: 'The envelope survives the loss of any one key, but 1 envelope waits for repair.' });
    expect(report.pending).toEqual({ count: 1, ids: ['a'] });
    expect(report.keys).toContainEqual({ provider: 'aws-kms', keyId: 'alias/app', domains: { provider: 'aws-kms' }, envelopes: 0, pending: 1 });
    expect((await drill(headers, { require: ['nothing-pending'] })).verdict).toMatchObject({ level: 'red', headline: 'Not whole: 1 envelope waits for repair.' });
  });

  it('a pending key opens nothing', async () => {
    const report = await drill([await header('a', wrapped('local-raw', 'a'), pending('local-raw', 'b'))]);
    expect(find(report, 'key local-raw:a').gone).toEqual({ count: 1, ids: ['a'] });
    expect(report.scenarios.map(({ name }) => name)).not.toContain('key local-raw:b');
  });

  it('is red when a header could not be read, or could not be loaded', async () => {
    const good = await header('good', wrapped('p', 'a'), wrapped('p', 'b'));
    const broken: DrillHeader[] = [good, { id: 'cut', header: good.header.subarray(0, 30) }, { id: 'gone', error: new Error('no such row') }];
    const report = await drill(broken, { require: ['any-key'] });
    expect(report.unreadable.headers).toMatchObject([{ id: 'cut', code: 'truncated' }, { id: 'gone', code: 'unknown', message: 'no such row' }]);
    expect(report.verdict).toMatchObject({ level: 'red', holds: false, headline: 'Not known to be safe: 2 headers could not be read.' });
  });

  it('is red when there was nothing to drill with', async () => {
    expect((await drill([])).verdict).toMatchObject({ level: 'red', holds: false, headline: 'No envelope was found, so nothing was drilled.' });
  });

  it('a requirement that cannot be answered does not hold', async () => {
    const headers = [await header('a', wrapped('local-raw', 'a'), wrapped('local-raw', 'b'))];
    const lost = [{ region: 'eu-central-1' }];
    for (const require of ['any-region', 'any-sitee', 'Frankfurt burns']) {
      const { verdict } = await drill(headers, { require: [require], scenarios: [{ name: 'Frankfurt burns', lost }] });
      expect(verdict).toMatchObject({ level: 'red', holds: false, requirements: [{ require, holds: false }] });
    }
  });
});

describe('scenarios of your own', () => {
  it('lose everything that any of their selectors names', async () => {
    const headers = [
      await header('a', wrapped('aws-kms', FRANKFURT), wrapped('gcp-kms', GOOGLE)),
      await header('b', wrapped('aws-kms', IRELAND), wrapped('local-raw', 'safe')),
      await header('c', wrapped('azure-keyvault', AZURE)),
    ];
    const scenarios = [
      { name: 'Frankfurt burns', lost: [{ region: 'eu-central-1' }, { region: 'europe-west3' }] },
      { name: 'both', lost: [{ provider: 'aws-kms', account: '111122223333' }, { keyId: 'safe' }] },
      { name: 'neither', lost: [{ provider: 'aws-kms', account: 'acme.vault.azure.net' }] },
    ];
    const report = await drill(headers, { scenarios });
    expect(find(report, 'Frankfurt burns').gone).toEqual({ count: 1, ids: ['a'] });
    expect(find(report, 'both')).toMatchObject({ keys: 3, affected: 2, gone: { ids: ['b'] } });
    expect(find(report, 'neither')).toMatchObject({ keys: 0, affected: 0, gone: { count: 0 } });
  });

  it('are read from text', () => {
    expect(parseSelectors('region:eu-west-1  key:local-raw:a:b site:Zug')).toEqual([{ region: 'eu-west-1' }, { provider: 'local-raw', keyId: 'a:b' }, { site: 'Zug' }]);
    for (const text of ['', 'eu-west-1', 'region:', 'key:app', 'key::x']) expect(() => parseSelectors(text)).toThrow(expect.objectContaining({ code: 'invalid-argument' }) as Error);
  });
});

describe('quorums', () => {
  it('are lost with as many shares as it takes, and hang on one last key before', async () => {
    const board = quorum('board', 2, [[wrapped('p', 'a')], [wrapped('p', 'b')], [wrapped('p', 'c')]]);
    const report = await drill([await header('q', board)]);
    expect(find(report, 'nothing is lost')).toMatchObject({ gone: { count: 0 }, lastKey: { count: 0 } });
    expect(find(report, 'key p:a')).toMatchObject({ gone: { count: 0 }, lastKey: { count: 1, ids: ['q'] } });
    expect(find(report, 'key p:a and key p:b').gone).toEqual({ count: 1, ids: ['q'] });
  });
});

describe('of many envelopes', () => {
  it('ids are capped and numbers are not', async () => {
    const one = await header('', wrapped('p', 'a'));
    const many = Array.from({ length: 250 }, (_, i): NamedHeader => ({ id: `row-${i}`, header: one.header }));
    expect(find(await drill(many), 'key p:a').gone).toEqual({ count: 250, ids: many.slice(0, 100).map(({ id }) => id) });
    expect(find(await drill(many, { maximumIds: 3 }), 'key p:a').gone).toEqual({ count: 250, ids: ['row-0', 'row-1', 'row-2'] });
  });

  it('what is kept does not grow with their number', async () => {
    const kinds = [await paddedHeader(60_000, '', wrapped('p', 'a'), wrapped('p', 'b')), await paddedHeader(60_000, '', wrapped('p', 'b'), wrapped('p', 'c'))];
    let most = 0;
    // Each header is a byte string of its own: all of them together are 480 MB.
    function* rows(): Generator<NamedHeader> {
      for (let i = 0; i < 8_000; i++) {
        const { header: bytes } = kinds[i % 2] as NamedHeader;
        yield { id: `row-${i}`, header: new Uint8Array(bytes) };
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
    }
    const report = await drill(rows());
    expect(report.envelopes).toBe(8_000);
    expect(JSON.stringify(report).length).toBeLessThan(30_000);
    expect(most).toBeLessThan(300_000_000);
  });

  it('progress is told after each', async () => {
    const told: unknown[] = [];
    await drill([await header('a', wrapped('p', 'a')), { id: 'b', error: new Error('x') }], { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([{ phase: 'reading', envelopes: 1 }, { phase: 'reading', envelopes: 2 }]);
  });

  it('an abort stops it, also while the source is silent, and the source is told', async () => {
    const abort = new AbortController();
    async function* silent(): AsyncGenerator<NamedHeader> {
      yield await header('a', wrapped('p', 'a'));
      abort.abort();
      await new Promise(() => undefined);
    }
    await expect(drill(silent(), { signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' });
    await expect(drill([], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('arguments that make no sense are refused before anything is read', () => {
  const never: Iterable<NamedHeader> = {
    [Symbol.iterator]: () => {
      throw new Error('was read');
    },
  };
  it.each([
    [{ require: [] }],
    [{ require: ['any'] }],
    [{ require: ['Frankfurt burns'] }],
    [{ scenarios: [{ name: '', lost: [{ region: 'x' }] }] }],
    [{ scenarios: [{ name: 'any-region', lost: [{ region: 'x' }] }] }],
    [{ scenarios: [{ name: 'a', lost: [] }] }],
    [{ scenarios: [{ name: 'a', lost: [{}] }] }],
    [{ scenarios: [{ name: 'a', lost: [{ region: undefined as never }] }] }],
    [{ scenarios: [{ name: 'a', lost: [{ region: 'x' }] }, { name: 'a', lost: [{ region: 'y' }] }] }],
    [{ maximumIds: -1 }],
    [{ unwrap: {} as never }],
    [{ unwrap: { keyring: { unwrap: () => undefined } as never, sample: 0 } }],
  ])('%o', async (options) => {
    await expect(drill(never, options)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});
