import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import { launchChromium } from './chromium.mjs';

/**
 * Runs the portable checks in headless Chromium, from a server on loopback.
 *
 * @param {string} page - the bundle of core and checks, which sets `globalThis.result`
 * @param {string} vectors
 * @param {string} tools - the folder whose node_modules holds Chromium and its driver
 */
export async function runInBrowser(page, vectors, tools) {
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
  const browser = await launchChromium(tools);
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
