import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { axeViolations, CHROMIUM, openPage, pageTests, startBrowser } from '../support/browser.js';
import { startTestEndpoint } from '../support/endpoint.js';
import { startTestSeaweedFs, startTestTemporal } from '../support/servers.js';

const TOKEN = 'a-token-of-this-test';

(CHROMIUM ? describe : describe.skip)(pageTests('the page of an endpoint with tokens'), () => {
  let url: string;
  const ends: (() => Promise<unknown>)[] = [];
  let browser: Browser;

  beforeAll(async () => {
    const s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const temporal = await startTestTemporal();
    ends.push(temporal.stop);
    const services = { s3: s3.env, bucket: s3.bucket, temporal: temporal.address };
    const endpoint = await startTestEndpoint(services, { tokens: [TOKEN], basePath: '/curator' });
    ends.push(endpoint.stop);
    ({ url } = endpoint);
    browser = await startBrowser();
    ends.push(() => browser.close());
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('asks for a token, refuses an invalid one, and keeps the token out of reach of scripts', async () => {
    const { page, errors } = await openPage(browser);
    await page.goto(`${url}/curator/`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByLabel('Token').fill('a guess');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Invalid token.').waitFor();
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Drop a ZIP of labelled images' }).waitFor();
    expect(await page.evaluate<string>('document.cookie + JSON.stringify(localStorage)')).toBe('{}');
    await page.reload();
    await page.getByText('No datasets yet.').waitFor();
    expect(errors).toEqual([]);
  });
});
