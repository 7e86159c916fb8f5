import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge } from './coco-export.js';

const paths = ['images/x.jpg', 'images/y.jpg'];
const images = [image(1, 'x.jpg'), image(2, 'y.jpg')];
const labels = { images, annotations: [annotation(1), annotation(2)] };
const predicted = (scores: readonly object[]) => ({
  images,
  annotations: scores.map((score, i) => annotation(1 + (i % 2), { bbox: [31 + i, 2, 30, 40], ...score })),
});
const predictions = predicted([{ score: 0.31 }, { score: 0.97 }]);

describe('predictions of a model', () => {
  it.each(['a_detections.json', 'z_detections.json', '_annotations.coco.json'])(
    'predictions of a model never count beside a file of labels: %s',
    (name) => {
      const merged = merge({ [name]: predictions, 'labels.json': labels }, paths);
      expect(merged.images.map(({ boxes }) => boxes.map(({ x }) => x))).toEqual([[1], [1]]);
      expect(merged.findings).toMatchObject([
        { code: 'COCO_FILES_SKIPPED', examples: [`${name}: its boxes are predictions of a model (score)`] },
      ]);
    },
  );

  it('predictions of a model do not label the images that a file of labels leaves out', () => {
    const half = { images: images.slice(0, 1), annotations: [annotation(1)] };
    const merged = merge({ 'labels.json': half, 'detections.json': predictions }, paths);
    expect(merged.images.map(({ path }) => path)).toEqual(['images/x.jpg']);
    expect(merged.unlisted).toEqual(['images/y.jpg']);
  });

  it.each([
    [[{ score: 0.31 }, { score: 0.97 }, {}], 2],
    [[{ score: '0.5' }, { score: 1 }, { score: 1 }], 1],
    [[{ confidence: 0.31 }, { confidence: 87 }, {}], 2],
  ])(
    'predictions of a model are reported with count and share if there is no other file: %j',
    (scores, count) => {
      const merged = merge({ 'c.json': predicted(scores) }, paths);
      expect(merged.annotations).toEqual({ found: 3, dropped: {} });
      expect(merged.findings).toMatchObject([{ code: 'BOXES_PREDICTED', count, unit: 'annotations' }]);
      expect(merged.findings[0]?.headline).toMatch(new RegExp(`^${count} of 3 annotations .* have a score`));
    },
  );

  it.each([
    { score: 1 },
    { score: 0 },
    { score: 1.0, confidence: 3 },
    { score: null },
    { score: 'high' },
    { attributes: { score: 0.5 } },
  ])('predictions of a model are not assumed for %j', (score) => {
    expect(merge({ 'c.json': predicted([score, score]) }, paths).findings).toEqual([]);
  });
});
