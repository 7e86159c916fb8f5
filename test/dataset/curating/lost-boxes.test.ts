import { describe, expect, it } from '@jest/globals';
import { qualityOf } from '../../../src/dataset/curating/quality.js';
import type { DatasetFinding } from '../../../src/dataset/model/findings.js';
import { refusalOf } from '../../support/refusal.js';
import { boxOf, curated, drawn, imagesOf } from './images.js';

const SETTINGS = { minClassImages: 5, enableBalance: false };

/** 400 images with a box each, of which reading has dropped further annotations. */
function lostWhileReading(dropped: Readonly<Record<string, number>>) {
  const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const input = { annotationsFound: 400 + lost, droppedWhileReading: dropped };
  return curated(imagesOf('acne', 400), SETTINGS, input);
}

const findingOf = ({ findings }: ReturnType<typeof curated>) =>
  findings.find(({ code }) => code === 'MANY_BOXES_LOST');

describe('annotations lost for all reasons together', () => {
  it('lost annotations are reported above 20 %, with the count of each reason, and make the dataset unreliable', () => {
    const curation = lostWhileReading({ crowd: 60, 'unknown-image': 50 });
    expect(findingOf(curation)).toMatchObject({ count: 110 });
    expect(findingOf(curation)?.message).toContain(
      '110 of 510 annotations (22 %) were lost, so the model learns these objects as background or not at all: 60 around groups of objects (iscrowd with KEEP_CROWD=false), 50 of an unknown image id',
    );
    const { images, annotations, labels, findings } = curation;
    const counts = { images, annotations, labels };
    expect(qualityOf({ dataset: 'skin', refusal: null, findings, counts }).quality).toBe('unreliable');
  });

  it('lost annotations are reported if the boxes lie outside their images', () => {
    const outside = Array.from({ length: 30 }, (_, i) => drawn(`out${i}.jpg`, [boxOf('acne', { x: 5000 })]));
    const finding = findingOf(curated([...imagesOf('acne', 60), ...outside], SETTINGS));
    expect(finding?.message).toContain(
      '30 of 90 annotations (33 %) were lost, so the model learns these objects as background or not at all: 30 outside the image.',
    );
  });

  it('lost annotations are not reported up to 20 %', () => {
    expect(findingOf(lostWhileReading({ crowd: 60, 'unknown-image': 40 }))).toBeUndefined();
  });

  it('lost annotations do not include boxes that class rules or balancing left out', () => {
    const images = [...imagesOf('acne', 60), ...imagesOf('mole', 30)];
    expect(findingOf(curated(images, { minClassImages: 40 }))).toBeUndefined();
  });
});

describe('boxes that lie outside their image', () => {
  it('boxes that lie outside their image are reported with count, share and the number per image, even if the dataset is refused for them', () => {
    const [right, left] = [boxOf('acne', { x: 640 }), boxOf('acne', { x: -100 })];
    const images = [drawn('two.jpg', [right, left, boxOf('acne')]), drawn('one.jpg', [right])];
    const expected = {
      count: 3,
      unit: 'annotations',
      message: expect.stringMatching(/^3 of 64 annotations \(5 %\) lie outside their image and were dropped/),
      examples: ['one.jpg: 1', 'two.jpg: 2'],
    };
    const found = curated([...imagesOf('acne', 60), ...images], SETTINGS).findings;
    expect(found).toContainEqual(expect.objectContaining({ code: 'BOXES_OUTSIDE', ...expected }));
    const refused = refusalOf(() => curated([drawn('one.jpg', [right])], SETTINGS));
    const outside = expect.objectContaining({ code: 'BOXES_OUTSIDE', count: 1 });
    expect(refused).toMatchObject({ facts: { findings: expect.arrayContaining([outside]) } });
  });

  it('boxes that lie outside their image are not reported if a part of them is inside', () => {
    const cut = drawn('cut.jpg', [boxOf('acne', { x: 600 })]);
    const codes = curated([...imagesOf('acne', 60), cut], SETTINGS).findings.map(({ code }) => code);
    expect(codes).not.toContain('BOXES_OUTSIDE');
  });
});

describe('boxes that reading found on wrong images or in wrong classes', () => {
  const reported = (count: number) => {
    const foundWhileReading: readonly DatasetFinding[] = [
      {
        code: 'IMAGE_IDS_SHIFTED',
        severity: 'warning',
        headline: 'In c.json, image_ids start again from 1.',
        message: 'In c.json, image_ids start again from 1. Check the boxes.',
        count,
        examples: ['c.json'],
      },
    ];
    return refusalOf(() => curated(imagesOf('acne', 30), { minClassImages: 40 }, { foundWhileReading }));
  };

  it('a refusal for too few images starts with the cause and advises no setting if boxes are on wrong images', () => {
    expect(reported(30).message).toBe(
      'In c.json, image_ids start again from 1. Fix this first. No class is found in MIN_CLASS_IMAGES=40 images. Images per class: acne 30.',
    );
  });

  it('a refusal for too few images advises a setting if only a few boxes are on wrong images', () => {
    expect(reported(1).message).toContain('Set MIN_CLASS_IMAGES=');
  });
});
