// Draws the picture of the page in README.md: `npm run dev`, ingest the dataset of `curator demo`, then
//   node scripts/draw-page.mjs http://127.0.0.1:<port>/#/datasets/demo-skin
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const [address] = process.argv.slice(2);
if (!address) {
  process.stderr.write('usage: node scripts/draw-page.mjs <address of a run that is done>\n');
  process.exit(2);
}
const OUT = fileURLToPath(new URL('../docs/run-page.webp', import.meta.url));
const VIEW = { width: 1080, height: 1640 };
const WIDTH = 900;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const page = await browser.newPage({ viewport: VIEW, reducedMotion: 'reduce' });
  await page.goto(address);
  await page.getByText('Test images, worst first').waitFor();
  await page.waitForLoadState('networkidle');
  const picture = await sharp(await page.screenshot())
    .resize({ width: WIDTH })
    .webp({ quality: 80 })
    .toBuffer();
  writeFileSync(OUT, picture);
  process.stdout.write(`${OUT}: ${picture.length} bytes\n`);
} finally {
  await browser.close();
}
