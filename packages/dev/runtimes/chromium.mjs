import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The little of playwright-core that is used here; it is not among this workspace's packages.
 *
 * @typedef {object} Tab
 * @property {(url: string) => Promise<unknown>} goto
 * @property {(expression: string, argument: undefined, options: { timeout: number }) => Promise<unknown>} waitForFunction
 * @property {(expression: string) => Promise<unknown>} evaluate
 * @property {(event: 'console' | 'pageerror' | 'request', listener: (event: { type(): string, text(): string, url(): string }) => void) => void} on
 * @property {(options: { media?: 'print' | 'screen', colorScheme?: 'dark' | 'light' }) => Promise<void>} emulateMedia
 */
/** @typedef {{ newPage(): Promise<Tab>, close(): Promise<void> }} Browser */
/** @typedef {{ launch(options: { executablePath: string, args: readonly string[], headless: boolean }): Promise<Browser> }} Driver */
/** @typedef {{ executablePath(): Promise<string>, args: readonly string[] }} Chromium */

/**
 * Starts headless Chromium.
 *
 * @param {string} tools - the folder whose node_modules holds Chromium and its driver
 */
export async function launchChromium(tools) {
  const load = createRequire(join(tools, 'package.json'));
  /** @type {{ default: { chromium: Driver } }} */
  const { default: playwright } = await import(pathToFileURL(load.resolve('playwright-core')).href);
  /** @type {{ default: Chromium }} */
  const { default: chromium } = await import(pathToFileURL(load.resolve('@sparticuz/chromium')).href);
  return await playwright.chromium.launch({ executablePath: await chromium.executablePath(), args: chromium.args, headless: true });
}
