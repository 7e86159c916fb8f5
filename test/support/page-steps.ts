import type { Page } from 'playwright-core';

/** Drops an archive on the page and waits for the result of the check. */
export async function check(page: Page, url: string, zip: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('ZIP of labelled images', { exact: true }).setInputFiles(zip);
  await page.getByRole('heading', { name: /training/ }).waitFor();
}

/** Lowers the minimum images per class, so that small archives are fit for training. */
export async function askForFewImages(page: Page): Promise<void> {
  await page.getByText('Settings', { exact: true }).click();
  await page.getByLabel('Minimum images per class').fill('2');
  await page.getByRole('heading', { name: /^Fit for training/ }).waitFor();
}

export async function upload(page: Page, dataset: string): Promise<void> {
  await page.getByLabel('Dataset').fill(dataset);
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByRole('heading', { name: dataset, exact: true }).waitFor();
}

/** Waits for the status beside the run's name. */
export async function stage(page: Page, name: string): Promise<void> {
  await page.locator('.run-head').getByText(name, { exact: true }).waitFor({ timeout: 120_000 });
}
