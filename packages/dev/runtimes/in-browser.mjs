import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The little of playwright-core that is used here; it is not among this workspace's packages.
 *
 * @typedef {object} Browser
 * @property {() => Promise<{ goto(url: string): Promise<unknown>, waitForFunction(expression: string, argument: undefined, options: { timeout: number }): Promise<unknown>, evaluate(expression: string): Promise<unknown> }>} newPage
 * @property {() => Promise<void>} close
 */
/** @typedef {{ launch(options: { executablePath: string, args: readonly string[], headless: boolean }): Promise<Browser> }} Driver */
/** @typedef {{ executablePath(): Promise<string>, args: readonly string[] }} Chromium */

/**
 * Runs the portable checks in headless Chromium, from a server on loopback.
 *
 * @param {string} page - the bundle of core and checks, which sets `globalThis.result`
 * @param {string} vectors
 * @param {string} tools - the folder whose node_modules holds Chromium and its driver
 */
export async function runInBrowser(page, vectors, tools) {
  const load = createRequire(join(tools, 'package.json'));
  /** @type {{ default: { chromium: Driver } }} */
  const { default: playwright } = await import(pathToFileURL(load.resolve('playwright-core')).href);
  /** @type {{ default: Chromium }} */
  const { default: chromium } = await import(pathToFileURL(load.resolve('@sparticuz/chromium')).href);
  const server = createServer((request, response) => {
    void (async () => {
      const path = normalize(decodeURIComponent((request.url ?? '/').slice(1)));
      if (path === '.' || path === '') {
        response.setHeader('content-type', 'text/html').end('<!doctype html><script type="module" src="/bundle.js"></script>');
        return;
      }
      if (path === 'bundle.js') response.setHeader('content-type', 'text/javascript');
      response.end(await readFile(path === 'bundle.js' ? page : join(vectors, path)));
    })().catch(() => response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => { resolve(undefined); }));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const browser = await playwright.chromium.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  });
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${port}/`);
    await tab.waitForFunction('globalThis.result !== undefined', undefined, { timeout: 120_000 });
    return /** @type {{ passed: number, failed: string[] }} */ (await tab.evaluate('globalThis.result'));
  } finally {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  }
}
