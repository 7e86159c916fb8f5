import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { LEFT_NAMES } from '../../../src/dataset/model/outcome-names.js';
import { boxOf, curated, drawn, imagesOf } from './images.js';

const GUIDE = readFileSync(new URL('../../../docs/curating.md', import.meta.url), 'utf8');

/** The archive of the example: 305 images of five classes. */
function archive() {
  const copies = imagesOf('nodule', 30, 'copied');
  return {
    images: [
      ...imagesOf('acne', 150),
      ...imagesOf('nodule', 45),
      ...copies,
      // Small boxes: 4 pixels once the image is resized.
      ...Array.from({ length: 10 }, (_, i) =>
        drawn(`speck${i}.jpg`, [boxOf('nodule', { width: 8, height: 20 })], {
          stored: { width: 2560, height: 1920 },
          output: { width: 1280, height: 960 },
        }),
      ),
      ...Array.from({ length: 20 }, (_, i) =>
        drawn(`both${i}.jpg`, [boxOf('acne', { y: 30 + i }), boxOf('scar', { x: 200 + i })]),
      ),
      ...imagesOf('scar', 25),
      ...imagesOf('wart', 12),
      drawn('partly.jpg', [boxOf('acne'), boxOf('wart', { x: 200 })]),
      ...Array.from({ length: 12 }, (_, i) => drawn(`empty${i}.jpg`, [])),
    ],
    // Two files of each of 15 photos.
    groupOf: new Map(copies.map(({ image }, i) => [image.path, `photo ${i >> 1}`])),
  };
}

describe('the worked example of docs/curating.md', () => {
  const { images, groupOf } = archive();
  const curation = curated(images, {}, { groupOf });

  it('gives the counts of the tables', () => {
    const { left, ...counts } = curation.images;
    const rows = [
      ['images found', counts.found],
      [LEFT_NAMES.neverAnnotated, left.neverAnnotated],
      [LEFT_NAMES.emptiedByBoxRules, left.emptiedByBoxRules],
      [LEFT_NAMES.emptiedByClassDrop, left.emptiedByClassDrop],
      [LEFT_NAMES.balancedAway, left.balancedAway],
      ['used', counts.used],
      ['train', counts.train],
      ['val', counts.val],
      ['boxes found', curation.annotations.found],
      ['boxes used', curation.annotations.used],
      ...Object.entries(curation.annotations.dropped),
    ];
    const labels = curation.labels.map(({ label, train, val }) => [
      label,
      curation.labelsFound.find((found) => found.label === label)?.images,
      train.images,
      val.images,
    ]);
    for (const row of [...rows, ...labels]) expect(GUIDE).toContain(`| ${row.join(' | ')} |`);
  });

  it('adds up to the images found', () => {
    const { found, used, left, train, val } = curation.images;
    expect(used + Object.values(left).reduce((sum, n) => sum + n, 0)).toBe(found);
    expect([train + val, val]).toEqual([used, Math.floor(used * 0.1)]);
  });

  it('the worked example has the expected findings, which the guide explains', () => {
    const codes = curation.findings.map(({ code }) => code);
    expect(codes).toEqual([
      'FEW_TEST_IMAGES',
      'FEW_TEST_BOXES',
      'IMAGES_PARTLY_UNLABELLED',
      'BALANCE_LEFT_OUT',
      'BOXES_TOO_SMALL',
      'CLASSES_DROPPED',
    ]);
    for (const code of codes) expect(GUIDE).toContain(`\`${code}\``);
  });
});

describe('docs/curating.md', () => {
  it('explains every finding of curating', () => {
    const sources = ['findings', 'label-findings', 'box-findings'].map((file) =>
      readFileSync(new URL(`../../../src/dataset/curating/${file}.ts`, import.meta.url), 'utf8'),
    );
    const codes = sources.flatMap((source) => [...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)]);
    expect(codes.length).toBeGreaterThan(15);
    for (const [, code] of codes) expect(GUIDE).toContain(`\`${code}\``);
  });
});
