import { describe, expect, it } from '@jest/globals';
import { boxOf, curated, type Drawn, drawn, findingOf, imagesOf, SMALL } from './images.js';

describe('findings of curate', () => {
  it('findings report that class balancing excluded over 20 % of the images, and how to keep them', () => {
    const finding = findingOf(curated(imagesOf('acne', 113)), 'BALANCE_LEFT_OUT');
    expect(finding).toMatchObject({ count: 23, severity: 'warning' });
    expect(finding?.message).toMatch(
      /23 of 113 labelled images \(20 %\).*PER_CLASS_CAP=113 or ENABLE_BALANCE=false/,
    );
    // No class was dropped, so that a lower MIN_CLASS_IMAGES would keep nothing.
    expect(finding?.message).not.toMatch('MIN_CLASS_IMAGES');
    expect(findingOf(curated(imagesOf('acne', 112)), 'BALANCE_LEFT_OUT')).toBeUndefined();
  });

  it('findings report that over 20 % of the images were never annotated', () => {
    const unlabelled = (count: number) => Array.from({ length: count }, (_, i) => drawn(`u${i}.jpg`, []));
    const finding = findingOf(
      curated([...imagesOf('acne', 11), ...unlabelled(3)], SMALL),
      'MANY_NEVER_ANNOTATED',
    );
    expect(finding?.message).toContain(
      '3 of 14 images (21 %) were never annotated; Rekognition ignores such images',
    );
    expect(
      findingOf(curated([...imagesOf('acne', 12), ...unlabelled(3)], SMALL), 'MANY_NEVER_ANNOTATED'),
    ).toBeUndefined();
  });

  it('findings report boxes below MIN_BOX_PX with their sizes and the IMAGE_MAX_SIDE that keeps them', () => {
    const halved = { stored: { width: 1280, height: 960 }, output: { width: 640, height: 480 } };
    const lost = [
      drawn('a.jpg', [boxOf('acne', { width: 8 })], halved),
      drawn('b.jpg', [boxOf('acne', { width: 10 })], halved),
      drawn('c.jpg', [boxOf('acne', { width: 3 })], halved),
    ];
    const finding = findingOf(curated([...imagesOf('acne', 10), ...lost], SMALL), 'BOXES_TOO_SMALL');
    // 6 px of 8 need 3/4 of 1280, 6 of 10 need 3/5; three pixels are too few at any size.
    expect(finding?.message).toContain('Set IMAGE_MAX_SIDE=960, which keeps 2 of 3 boxes, or');
    expect(finding?.examples).toEqual([
      'a.jpg: 8.0x100.0 px in the original',
      'b.jpg: 10.0x100.0 px in the original',
      'c.jpg: 3.0x100.0 px in the original',
    ]);
    const kept = lost.map(({ image }) =>
      drawn(image.path, image.boxes, { ...halved, output: { width: 960, height: 720 } }),
    );
    expect(curated([...imagesOf('acne', 10), ...kept], SMALL).annotations.dropped).toEqual({
      'too-small': 1,
    });
  });

  it('findings suggest no IMAGE_MAX_SIDE above 1280, to which the service resizes images for training', () => {
    const halved = { stored: { width: 2560, height: 1920 }, output: { width: 1280, height: 960 } };
    const lost = drawn('a.jpg', [boxOf('acne', { width: 10 })], halved);
    const finding = findingOf(curated([...imagesOf('acne', 10), lost], SMALL), 'BOXES_TOO_SMALL');
    expect(finding?.message).toContain('No IMAGE_MAX_SIDE would keep them');
    expect(finding?.message).toContain('at the 1280 pixels that Rekognition trains on');
  });

  it('findings suggest an IMAGE_MAX_SIDE that keeps a box for any rounding of its edges', () => {
    const original = { width: 1201, height: 803 };
    const kept: Drawn[] = [];
    for (let i = 0; i < 200; i += 1) {
      const box = boxOf('acne', { x: 3 * i + i / 7, y: i + i / 3, width: 9 + i / 80, height: 40 });
      const sized = (width: number) =>
        drawn(`a${i}.jpg`, [box], {
          stored: original,
          output: { width, height: Math.round((original.height * width) / original.width) },
        });
      const dropped = curated([...imagesOf('acne', 10), sized(512)], SMALL);
      const side = Number(
        /IMAGE_MAX_SIDE=(\d+)/.exec(findingOf(dropped, 'BOXES_TOO_SMALL')?.message ?? '')?.[1],
      );
      expect(side).toBeGreaterThan(512);
      kept.push(sized(side));
    }
    const { annotations } = curated([...imagesOf('acne', 10), ...kept], SMALL);
    expect(annotations).toMatchObject({ found: 210, dropped: {} });
  });

  it('findings suggest no IMAGE_MAX_SIDE for boxes that are too small in the originals', () => {
    const finding = findingOf(
      curated([...imagesOf('acne', 10), drawn('a.jpg', [boxOf('acne', { width: 5 })])], SMALL),
      'BOXES_TOO_SMALL',
    );
    expect(finding?.message).toContain('No IMAGE_MAX_SIDE would keep them');
  });

  it('findings suggest no IMAGE_MAX_SIDE for boxes that are too small once the service resizes the image', () => {
    const speck = drawn('a.jpg', [boxOf('acne', { width: 2 })], {
      stored: { width: 2560, height: 1920 },
      output: { width: 1280, height: 960 },
    });
    const finding = findingOf(
      curated([...imagesOf('acne', 10), speck], { ...SMALL, minBoxPx: 1 }),
      'BOXES_TOO_SMALL',
    );
    expect(finding?.message).toContain('No IMAGE_MAX_SIDE would keep them');
  });

  it('findings report 300,000 boxes that are too small', () => {
    const specks = Array.from({ length: 300_000 }, (_, i) => boxOf('acne', { x: i % 600, width: 1 }));
    const finding = findingOf(
      curated([...imagesOf('acne', 10), drawn('a.jpg', specks)], SMALL),
      'BOXES_TOO_SMALL',
    );
    expect(finding).toMatchObject({ count: 300_000 });
    expect(finding?.examples).toHaveLength(10);
  });

  it('findings report classes that reach MIN_CLASS_IMAGES only with copies', () => {
    const images = [...imagesOf('acne', 10), ...imagesOf('mole', 4)];
    const groupOf = new Map(['mole0000.jpg', 'mole0001.jpg'].map((path) => [path, 'photo']));
    const settings = { ...SMALL, minClassImages: 4 };
    expect(findingOf(curated(images, settings, { groupOf }), 'CLASSES_OF_COPIES')).toMatchObject({
      count: 1,
      examples: ['mole: 4 images of 3 photos'],
    });
    expect(findingOf(curated(images, settings), 'CLASSES_OF_COPIES')).toBeUndefined();
  });

  it('findings report images whose COCO size has another aspect ratio', () => {
    const odd = drawn('odd.jpg', [boxOf('acne')], { coco: { width: 480, height: 640 } });
    expect(findingOf(curated([...imagesOf('acne', 10), odd], SMALL), 'SIZE_MISMATCH')?.examples).toEqual([
      'odd.jpg',
    ]);
  });

  it('findings report groups larger than val and classes with few validation images', () => {
    const images = imagesOf('acne', 20);
    const groupOf = new Map(images.slice(0, 8).map(({ image }) => [image.path, 'photo']));
    const curation = curated(images, SMALL, { groupOf });
    expect(findingOf(curation, 'GROUPS_TOO_LARGE')).toMatchObject({
      examples: [expect.stringMatching(/^acne000[0-7].jpg: 8 images$/)],
    });
    expect(findingOf(curation, 'FEW_TEST_IMAGES')?.examples).toEqual(['acne: 4']);
  });

  it('findings report a val that groups keep below VAL_SPLIT', () => {
    const images = imagesOf('acne', 40);
    const groupOf = new Map(images.map(({ image }, i) => [image.path, `photo ${Math.floor(i / 3)}`]));
    const curation = curated(images, SMALL, { groupOf });
    expect(curation.images.val).toBe(7);
    expect(findingOf(curation, 'VAL_BELOW_SHARE')).toMatchObject({
      count: 1,
      message: expect.stringContaining('asks for 8 validation images, but there are 7'),
    });
    expect(findingOf(curated(images, SMALL), 'VAL_BELOW_SHARE')).toBeUndefined();
  });

  it('findings are absent for a good dataset', () => {
    const images = [...imagesOf('acne', 260), ...imagesOf('mole', 250)];
    expect(curated(images, { valSplit: 0.2, perClassCap: 300 }).findings).toEqual([]);
  });

  it('agree with their numbers where there is one of something', () => {
    const curation = curated(
      [...imagesOf('acne', 20), drawn('rare.jpg', [boxOf('wart')])],
      { ...SMALL, groupBy: '^(acne[0-9]+)' },
      { lowContrast: ['rare.jpg'] },
    );
    const texts = curation.findings.flatMap(({ message, examples }) => [message, ...examples]);
    expect(texts).toContain('wart: 1 image');
    expect(texts.join(' ')).toContain('1 of 21 images is nearly uniform');
    expect(texts.join(' ')).not.toMatch(/(?<![\d.=])1 (\w+ )?(images|boxes|classes|photos|groups)\b/);
  });
});
