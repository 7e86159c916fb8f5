import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import type { ImageResult, LabelledImage } from '../../src/dataset/model/types.js';
import { renderReport } from '../../src/pipeline/render-report.js';
import { reportFacts } from '../../src/report/choose-images.js';
import { shownImages } from '../../src/report/facts.js';

const CLASSES = 240;
const NAME = 'n'.repeat(200);
const SIZE = { width: 640, height: 640 };

/** A dataset with many classes, images, boxes, copies and rejections, and with long names. */
function largeDataset() {
  const images = Array.from({ length: 1200 }, (_, n): { image: LabelledImage; result: ImageResult } => {
    const path = `${n % 2 ? 'train' : 'valid'}/${NAME}${n}.jpg`;
    const image = {
      ...{ path, cocoFile: 'train/_annotations.coco.json', record: `image id ${n}` },
      ...SIZE,
      annotations: n % 50 === 0 ? 0 : 70,
      boxes: Array.from({ length: n % 50 === 0 ? 0 : 70 }, (_box, b) => {
        const side = b % 7 === 0 ? 3 : 20 + b;
        return { label: `${NAME}${(n + b) % CLASSES}`, x: 8 * b, y: 8 * b, width: side, height: side };
      }),
    };
    if (n % 40 === 1) {
      const reason = 'undecodable' as const;
      return { image, result: { ...image, status: 'rejected', reason, message: 'The image is damaged.' } };
    }
    const sourceSha256 = n.toString(16).padStart(64, '0');
    const result = {
      ...{ status: 'preprocessed' as const, path, key: `k/${path}`, sourceSha256, bytes: 1 },
      ...{ stored: SIZE, orientation: 1 as const, output: SIZE, untouched: true },
    };
    return { image, result };
  });
  const [crowded] = images.slice(2);
  if (crowded) {
    const tiny = { label: NAME, x: 5, y: 5, width: 1, height: 1 };
    images[2] = {
      ...crowded,
      image: { ...crowded.image, boxes: Array.from({ length: 150_000 }, () => tiny) },
    };
  }
  const groupOf = new Map(images.map(({ image: { path } }, n) => [path, `group${Math.floor(n / 2)}`]));
  return { images, missing: [], groupOf, lowContrast: [], settings: DEFAULT_DATASET_SETTINGS };
}

describe('report.html of a very large dataset', () => {
  it('report.html of a very large dataset is smaller than 3 MB and reads only images that it shows', async () => {
    const { data, info } = await sharp({
      create: { ...SIZE, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 90 } },
    })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const noise = await sharp(data, { raw: { ...SIZE, channels: info.channels } })
      .jpeg({ quality: 100 })
      .toBuffer();
    const facts = reportFacts({ ...largeDataset(), boxed: null, findings: [], curated: null });
    const read: string[] = [];
    const page = await renderReport(
      {
        ...{ dataset: 'large', refusal: 'It is too large.', curation: null, facts, lineage: null },
        findings: Array.from({ length: 40 }, (_, n) => ({
          ...{ code: `FINDING_${n}`, severity: 'warning' as const, message: NAME, count: 5000 },
          examples: Array.from({ length: 10 }, () => NAME.repeat(5)),
        })),
        settings: DEFAULT_DATASET_SETTINGS,
      },
      async ({ path }) => {
        read.push(path);
        return noise;
      },
    );
    expect(Buffer.byteLength(page)).toBeLessThan(3_000_000);
    expect(page.match(/<svg class="picture"/g)?.length).toBeGreaterThan(50);
    expect(read.length).toBeLessThanOrEqual(shownImages(facts).length);
    expect(shownImages(facts).length).toBeLessThan(150);
  });
});
