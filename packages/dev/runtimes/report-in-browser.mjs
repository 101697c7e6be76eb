// The page of a recovery drill as a browser sees it: hostile names stay text, and it wants nothing from anywhere.
import { createServer } from 'node:http';
import { launchChromium } from './chromium.mjs';

/** @typedef {typeof import('../../recovery/src/index.js')} Recovery */
/** @typedef {typeof import('../../core/src/index.js')} Core */

const HOSTILE = [
  '<script>globalThis.owned=1</script>',
  '"><img/src="/evil.png"/onerror="globalThis.owned=1">',
  "'/onmouseover='globalThis.owned=1",
  '</style></title><svg/onload=globalThis.owned=1>',
  '<!--',
  '<base/href="http://127.0.0.1:9/">',
  '&lt;b&gt;&#60;',
];

/**
 * @param {Core} core
 * @param {Recovery} recovery
 * @param {string} tools
 * @returns {Promise<{ readonly passed: number; readonly failed: readonly string[] }>}
 */
export async function checkReportInBrowser(core, recovery, tools) {
  const page = await hostilePage(core, recovery);
  /** @type {string[]} */
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => { resolve(undefined); }));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const browser = await launchChromium(tools);
  try {
    const tab = await browser.newPage();
    /** @type {string[]} */
    const complaints = [];
    /** @type {string[]} */
    const asked = [];
    tab.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
    tab.on('pageerror', () => complaints.push('an error that nobody caught'));
    tab.on('request', (request) => asked.push(request.url()));
    await tab.goto(`http://127.0.0.1:${port}/`);
    const seen = /** @type {{ text: string, tags: string[], owned: boolean, title: string, styled: string }} */ (
      await tab.evaluate(`({
        text: document.body.textContent,
        tags: [...new Set([...document.querySelectorAll('*')].map((element) => element.localName))],
        owned: 'owned' in globalThis,
        title: document.title,
        styled: getComputedStyle(document.querySelector('.verdict')).borderTopStyle,
      })`)
    );
    await tab.emulateMedia({ colorScheme: 'dark' });
    const dark = await tab.evaluate('getComputedStyle(document.body).backgroundColor');
    await tab.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const printed = await tab.evaluate('getComputedStyle(document.body).backgroundColor');
    const scripted = await tab.evaluate(`new Promise((resolve) => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.ran = true';
      document.body.append(script);
      resolve('ran' in globalThis);
    })`);
    const forbidden = ['script', 'img', 'base', 'iframe', 'object', 'form', 'a'].filter((tag) => seen.tags.includes(tag));
    return tally([
      ['no script of a name has run', !seen.owned],
      ['every name is there as text', HOSTILE.every((name) => seen.text.includes(name)) || `missing: ${HOSTILE.filter((name) => !seen.text.includes(name)).join(' ')}`],
      ['no element came out of a name', forbidden.length === 0 || forbidden.join(', ')],
      ['the title is a title', seen.title.startsWith(HOSTILE[0] ?? '') || seen.title],
      ['its own style applies', seen.styled === 'solid' || seen.styled],
      ['it is dark in the dark', dark === 'rgb(15, 20, 27)' || String(dark)],
      ['it is white on paper', printed === 'rgb(255, 255, 255)' || String(printed)],
      ['nothing else is asked for', (requests.length === 1 && asked.length === 1) || [...requests, ...asked].join(' ')],
      ['a script that somebody adds does not run', scripted === false],
      // The one complaint is about that script.
      ['the console is silent otherwise', complaints.length <= 1 || complaints.join(' ')],
    ]);
  } finally {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** @param {readonly (readonly [string, boolean | string])[]} checks - what was wrong, where it is no boolean */
function tally(checks) {
  const failed = checks.filter(([, outcome]) => outcome !== true).map(([name, outcome]) => `${name}: ${String(outcome)}`);
  return { passed: checks.length - failed.length, failed };
}

/**
 * @param {Core} core
 * @param {Recovery} recovery
 */
async function hostilePage(core, recovery) {
  const headers = await Promise.all(HOSTILE.map(async (name) => ({ id: name, header: await headerUnder(core, name) })));
  const [first = ''] = HOSTILE;
  const report = await recovery.drill([...headers, { id: first, error: new Error(first) }], {
    scenarios: HOSTILE.map((name) => ({ name, lost: [{ site: name }] })),
    domainOf: ({ keyId }) => ({ site: keyId }),
  });
  return await recovery.htmlReport(report, { title: first });
}

/**
 * A header whose key, and whose pending key, have this name.
 *
 * @param {Core} core
 * @param {string} keyId
 */
async function headerUnder(core, keyId) {
  const wrappedKeys = [
    { provider: 'p', keyId, keyVersion: '', algorithm: 'A', ciphertext: new Uint8Array(8) },
    { provider: 'pending', keyId, keyVersion: '', algorithm: '', ciphertext: new Uint8Array(0) },
  ];
  const keyring = /** @type {import('../../core/src/index.js').Keyring} */ ({
    specificationVersion: 'keyring-v1',
    provider: 'p',
    name: 'given',
    keks: [],
    wrap: async () => await Promise.resolve({ wrappedKeys }),
    unwrap: async () => await Promise.resolve(null),
  });
  return (await core.encryptDetached(new Uint8Array(0), { keyring })).header;
}
