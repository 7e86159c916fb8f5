import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { CHROMIUM, openPage, pageTests, startBrowser, type WatchedPage } from './browser.js';
import { servePage } from './page-server.js';

/** A `describe` block for page tests, which are skipped where there is no Chromium. */
export const describePages = (name: string, tests: () => void) =>
  (CHROMIUM ? describe : describe.skip)(pageTests(name), tests);

/** Starts one browser for the tests of a file. After each test its pages are closed, and they must have had no errors. */
export function usePages(): { readonly open: (options?: OpenOptions) => Promise<WatchedPage> } {
  let browser: Browser;
  const opened: WatchedPage[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterEach(async () => {
    const watched = opened.splice(0);
    for (const { page } of watched) await page.context().close();
    expect(watched.flatMap(({ errors }) => errors)).toEqual([]);
  });
  afterAll(() => browser?.close());
  return {
    open: async (options) => {
      const watched = await openPage(browser, options);
      opened.push(watched);
      return watched;
    },
  };
}

/** Serves the built page under a prefix while the tests of a file run; see `servePage`. */
export function useServedPage(prefix = '/'): { readonly url: string } {
  let served: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    served = await servePage(prefix);
  });
  afterAll(() => served?.stop());
  return {
    get url() {
      return served.url;
    },
  };
}

type OpenOptions = Parameters<typeof openPage>[1];
