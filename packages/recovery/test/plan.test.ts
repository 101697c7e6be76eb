import { expect, it } from 'vitest';
import { drill, readPlan } from '../src/index.js';
import { FRANKFURT, GOOGLE, header, MULTI_REGION, wrapped } from './support/headers.js';

it('a plan is what a drill takes, out of a file', async () => {
  const plan: unknown = JSON.parse(`{
    "scenarios": [{ "name": "Frankfurt burns", "lost": "region:eu-central-1 region:europe-west3" }, { "name": "safe", "lost": [{ "site": "Zug" }] }],
    "domains": [{ "keys": "provider:local-raw", "are": { "site": "Bern" } }, { "keys": "key:local-raw:safe", "are": { "site": "Zug" } }],
    "replicas": { "mrk-000000000000000000000000000000ff": ["eu-west-1"] },
    "require": ["Frankfurt burns"]
  }`);
  const headers = [await header('a', wrapped('aws-kms', FRANKFURT), wrapped('gcp-kms', GOOGLE)), await header('b', wrapped('aws-kms', MULTI_REGION), wrapped('local-raw', 'safe'), wrapped('local-raw', 'desk'))];
  const { scenarios, keys, verdict } = await drill(headers, readPlan(plan));
  expect(verdict.headline).toBe('Not safe: 1 envelope is lost with “Frankfurt burns”.');
  expect(scenarios.find(({ name }) => name === 'safe')).toMatchObject({ keys: 1, affected: 1 });
  expect(keys.find(({ keyId }) => keyId === MULTI_REGION)?.domains['region']).toEqual(['eu-central-1', 'eu-west-1']);
  expect(keys.find(({ keyId }) => keyId === 'desk')?.domains['site']).toBe('Bern');
});

it.each([
  [[], 'plan'],
  [{ scenario: [] }, 'plan: scenario'],
  [{ scenarios: {} }, 'plan: scenarios'],
  [{ scenarios: [{ lost: 'region:x' }] }, 'plan: scenarios[0].name'],
  [{ scenarios: [{ name: 'a' }] }, 'plan: scenarios[0].lost'],
  [{ scenarios: [{ name: 'a', lost: 'x' }] }, 'plan: scenarios[0].lost'],
  [{ domains: [{ keys: 'region:x' }] }, 'plan: domains[0].are'],
  [{ replicas: { a: 'eu-west-1' } }, 'plan: replicas.a'],
  [{ require: [7] }, 'plan: require'],
])('what is no plan is refused, and the place named: %j', (plan, argument) => {
  expect(() => readPlan(plan)).toThrow(expect.objectContaining({ code: 'invalid-argument', details: { argument } }) as Error);
});
