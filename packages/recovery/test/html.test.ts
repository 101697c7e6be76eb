import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drill, htmlReport } from '../src/index.js';
import type { DrillOptions } from '../src/index.js';
import { FRANKFURT, GOOGLE, header, IRELAND, pending, wrapped } from './support/headers.js';
import type { WrappedKey } from '@keyfold/core/keyring';

const date = new Date('2026-11-25T04:20:00Z');

async function page(envelopes: Readonly<Record<string, readonly WrappedKey[]>>, options: DrillOptions = {}, title?: string): Promise<string> {
  const headers = await Promise.all(Object.entries(envelopes).map(async ([id, keys]) => await header(id, ...keys)));
  return await htmlReport(await drill(headers, options), { date, ...(title === undefined ? {} : { title }) });
}

/** What a reader sees, white space aside: the text outside of tags. */
function textOf(html: string): string {
  const body = html.slice(html.indexOf('<body>'));
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/&([a-z0-9#]+);/g, (_, name: string) => names[name] ?? '?').replaceAll(/\s+/g, ' ');
}

describe('the page', () => {
  it('says the verdict in a sentence, and what each loss leaves', async () => {
    const html = await page({ a: [wrapped('aws-kms', FRANKFURT)], b: [wrapped('aws-kms', FRANKFURT), wrapped('gcp-kms', GOOGLE)] }, { require: ['any-region'] }, 'Invoices');
    const text = textOf(html);
    expect(text).toContain('Invoices ✗ Not safe: 1 envelope is lost with region eu-central-1. 2 envelopes · 2 keys');
    expect(text).toContain('✗ any-region 1 envelope is lost with region eu-central-1.');
    expect(text).toContain('Region ✗ Any one 1 of 2 lost with region eu-central-1 ✗ Any two at once All 2 lost with region eu-central-1 and region europe-west3');
    // Still open, of these on one last key, lost.
    expect(text).toContain('✗ eu-central-1 1 1 1 ▲ europe-west3 2 2 0');
    expect(text).toContain('1 envelope is lost with provider aws-kms, or account 111122223333');
  });

  it('tells what waits for repair, what could not be read, and what did not open', async () => {
    const text = textOf(await page({ a: [wrapped('local-raw', 'x'), pending('aws-kms', 'alias/app')] }));
    expect(text).toContain('1 envelope was written while a key was out of reach.');
    expect(text).toContain('aws-kms:alias/app 1');
    const broken = await drill([{ id: 'broken', error: new Error('The file ends too early.') }]);
    expect(textOf(await htmlReport(broken))).toContain('broken unknown: The file ends too early.');
    const { header: bytes } = await header('c', wrapped('local-raw', 'x'));
    const nobody = { specificationVersion: 'keyring-v1', provider: 'p', name: 'nobody', keks: [], wrap: () => undefined, unwrap: async () => await Promise.resolve(null) };
    const opened = await drill([{ id: 'c', header: bytes }], { unwrap: { keyring: nobody as never } });
    expect(textOf(await htmlReport(opened))).toMatch(/Did not open .*c nothing is lost no-matching-key: The keyring nobody has none of the keys/);
  });

  it('counts two losses that no envelope has in common together', async () => {
    const text = textOf(await page({ a: [wrapped('aws-kms', FRANKFURT)], b: [wrapped('aws-kms', IRELAND)] }));
    expect(text).toContain('Any two at once All 2 lost with region eu-central-1 and region eu-west-1');
  });

  it('needs nothing from elsewhere, and forbids itself scripts and requests', async () => {
    const html = await page({ a: [wrapped('aws-kms', FRANKFURT)] });
    const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? '';
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))).toString('base64');
    expect(html).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"`);
    expect(html).not.toMatch(/<script|<iframe|<img|<form|<a |\son[a-z]+=|\sstyle=|\ssrc=|@import|url\(/i);
    expect([...html.matchAll(/\shref="([^"]*)"/g)].map(([, href]) => href)).toEqual(['data:,']);
  });
});

describe('names are whatever somebody wrote', () => {
  const HOSTILE = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='x", '&lt;b&gt;', '</style><script>', '<!--', ']]>', '${1}'];

  it.each(HOSTILE)('as an envelope id: %s', async (id) => {
    const plain = await page({ x: [wrapped('p', 'k')] });
    const html = await page({ [id]: [wrapped('p', 'k')] });
    expect(tagsOf(html)).toEqual(tagsOf(plain));
    expect(textOf(html)).toContain(id);
  });

  it.each(HOSTILE.map((text) => text.replaceAll(' ', '_')))('as a key id: %s', async (keyId) => {
    const keys = (name: string): readonly WrappedKey[] => [wrapped('p', name), pending('p', `${name}2`)];
    expect(tagsOf(await page({ x: keys(keyId) }))).toEqual(tagsOf(await page({ x: keys('k') })));
  });

  it.each(HOSTILE)('as a title, a scenario and a domain: %s', async (text) => {
    const options = (name: string): DrillOptions => ({ scenarios: [{ name, lost: [{ site: name }] }], domainOf: () => ({ site: name }), require: [name, 'any-key'] });
    const keys = { x: [wrapped('p', 'k')] };
    expect(tagsOf(await page(keys, options(text), text))).toEqual(tagsOf(await page(keys, options('harmless'), 'harmless')));
  });

  it('what cannot be seen is shown: it would make one name look like another', async () => {
    const text = textOf(await page({ 'a\u202Egpj.exe\u200B\u0000\uD800\n': [wrapped('p', 'k')] }));
    expect(text).toContain('a\\u202egpj.exe\\u200b\\u0000\\ud800\\u000a');
  });

  it('for any text', async () => {
    const plain = tagsOf(await page({ x: [wrapped('p', 'k')] }));
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (id) => {
        expect(tagsOf(await page({ [id]: [wrapped('p', 'k')] }))).toEqual(plain);
      }),
      { numRuns: process.env['KEYFOLD_CI'] === '1' ? 200 : 40 },
    );
  });
});

/** Every tag, with its attributes. */
function tagsOf(html: string): readonly string[] {
  return html.match(/<[^>]*>/g) ?? [];
}
