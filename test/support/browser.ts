import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of the installed Chromium; undefined if there is none. */
export const CHROMIUM = PLACES.find((path) => path !== undefined && existsSync(path));

/** Name of a `describe` block for page tests, which says why they are skipped. */
export const pageTests = (name: string) =>
  CHROMIUM ? name : `${name} (skipped: no Chromium; install it or set CHROMIUM_PATH)`;

/** Flags that disable the browser's own network requests. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

export async function startBrowser(): Promise<Browser> {
  if (!CHROMIUM) throw new Error('There is no Chromium.');
  return await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
}

/** Playwright's default of 30 s is too short for a slow machine; the limit of the test applies instead. */
const PATIENCE_MS = 120_000;

export interface WatchedPage {
  readonly page: Page;
  /** Script errors and violations of the content security policy. */
  readonly errors: string[];
}

export async function openPage(
  browser: Browser,
  options: { width?: number; height?: number; dark?: boolean } = {},
): Promise<WatchedPage> {
  const { width = 1280, height = 900, dark = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) errors.push(message.text());
  });
  return { page, errors };
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The accessibility violations that axe finds on the current page: rule and first element of each. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return await page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
  );
}
