import { describe, expect, it } from '@jest/globals';
import type { Curation } from '../../../src/dataset/curating/curate.js';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import { boxOf, COCO_FILE, curated, drawn, imagesOf, rejected } from './images.js';

/** Small numbers, so that the expected counts are easy to check. */
const SMALL = { minClassImages: 2, perClassCap: 100, valSplit: 0.2 };

const findingOf = ({ findings }: Curation, code: string) => findings.find((finding) => finding.code === code);

function refusal(act: () => unknown): DatasetError {
  try {
    act();
  } catch (error) {
    if (error instanceof DatasetError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('curate', () => {
  it('splits 889 usable images into 801 and 88', () => {
    const labels = Array.from({ length: 10 }, (_, i) => `class ${i}`);
    const images = labels.flatMap((label, i) => imagesOf(label, i === 0 ? 79 : 90));
    const curation = curated(images);
    expect(curation.images).toMatchObject({ found: 889, used: 889, train: 801, val: 88 });
    expect([curation.train.length, curation.val.length]).toEqual([801, 88]);
    for (const { val } of curation.labels) expect([8, 9]).toContain(val.images);
  });

  it('counts every image and every box as used or under a reason', () => {
    const kept = imagesOf('acne', 8);
    const crowds = drawn('crowds.jpg', []);
    const images = [
      ...kept,
      drawn('never.jpg', []),
      { ...crowds, image: { ...crowds.image, annotations: 3 } },
      drawn('tiny.jpg', [boxOf('acne', { width: 3 })]),
      drawn('outside.jpg', [boxOf('acne', { x: 9000 })]),
      drawn('rare.jpg', [boxOf('rare')]),
      drawn('partly.jpg', [boxOf('acne'), boxOf('other'), boxOf('acne', { x: -500 })]),
      { ...drawn('broken.jpg', [boxOf('acne'), boxOf('acne')]), result: rejected('broken.jpg') },
    ];
    const curation = curated(images, SMALL, {
      missing: [rejected('gone.jpg')],
      annotationsFound: 8 + 1 + 1 + 1 + 3 + 2 + 4,
      droppedWhileReading: { crowd: 3, 'image-rejected': 1 },
    });
    expect(curation.images).toEqual({
      found: 16,
      used: 9,
      rejected: 2,
      train: 8,
      val: 1,
      left: { neverAnnotated: 1, emptiedByBoxRules: 3, emptiedByClassDrop: 1, balancedAway: 0 },
    });
    expect(curation.annotations).toEqual({
      found: 20,
      used: 9,
      dropped: { 'class-dropped': 2, crowd: 3, 'image-rejected': 3, outside: 2, 'too-small': 1 },
    });
    expect(curation.droppedClasses).toEqual([
      { label: 'other', images: 1 },
      { label: 'rare', images: 1 },
    ]);
    expect(findingOf(curation, 'IMAGES_PARTLY_UNLABELLED')?.count).toBe(1);
    expect(findingOf(curation, 'IMAGES_REJECTED')?.examples).toEqual([
      `broken.jpg (${COCO_FILE}, image id broken.jpg): It is broken.`,
      `gone.jpg (${COCO_FILE}, image id gone.jpg): It is broken.`,
    ]);
  });

  it('counts the images of a class after the box rules', () => {
    const small = Array.from({ length: 3 }, (_, i) =>
      drawn(`small${i}.jpg`, [boxOf('small', { width: i === 0 ? 50 : 2 })]),
    );
    const { droppedClasses } = curated([...imagesOf('acne', 10), ...small], SMALL);
    expect(droppedClasses).toEqual([{ label: 'small', images: 1 }]);
  });

  it('drops rare classes before it applies the maximum boxes per image', () => {
    const crowded = drawn('crowded.jpg', [
      ...Array.from({ length: 3 }, (_, i) => boxOf('rare', { width: 200 + i, height: 200 })),
      ...Array.from({ length: 4 }, (_, i) => boxOf('acne', { width: 50 + i })),
    ]);
    const curation = curated([...imagesOf('acne', 10), crowded], { ...SMALL, maxBoxPerImage: 3 });
    const boxes = [...curation.train, ...curation.val].find(({ path }) => path === 'crowded.jpg')?.boxes;
    expect(boxes?.map(({ width }) => width)).toEqual([51, 52, 53]);
    expect(curation.annotations.dropped).toEqual({ 'class-dropped': 3, 'over-max-boxes': 1 });
    expect(findingOf(curation, 'BOXES_CUT')).toMatchObject({ count: 1, examples: ['crowded.jpg'] });
  });

  it('neither drops nor caps classes without ENABLE_BALANCE', () => {
    const images = [...imagesOf('acne', 150), ...imagesOf('rare', 2)];
    const curation = curated(images, { enableBalance: false });
    expect(curation.images).toMatchObject({ found: 152, used: 152 });
    expect(curation.droppedClasses).toEqual([]);
  });

  it('keeps copies on one side and counts their groups', () => {
    const images = imagesOf('acne', 20);
    const groupOf = new Map(images.slice(0, 6).map(({ image }, i) => [image.path, `photo ${i >> 1}`]));
    const curation = curated(images, SMALL, { groupOf });
    const inVal = new Set(curation.val.map(({ path }) => groupOf.get(path) ?? path));
    expect(curation.groups).toEqual({ groups: 3, images: 6 });
    expect(curation.train.some(({ path }) => inVal.has(groupOf.get(path) ?? path))).toBe(false);
  });

  it('does not move an image to the other side when Roboflow renames it', () => {
    const names = Array.from({ length: 40 }, (_, i) => `photo-${i}_jpg`);
    const exported = (hash: string, folder: (i: number) => string) =>
      names.map((name, i) =>
        drawn(`${folder(i)}/${name}.rf.${hash}${i}.jpg`, [boxOf('acne')], { sha: name }),
      );
    const sources = (images: ReturnType<typeof exported>) =>
      curated(images, SMALL).val.map(({ path }) => path.replace(/^.*\/|\.rf\..*$/g, ''));
    const first = sources(exported('abc', () => 'train'));
    const second = sources(exported('0ff', (i) => (i % 2 === 0 ? 'valid' : 'test')).reverse());
    expect(new Set(second)).toEqual(new Set(first));
  });

  it('chooses other validation images with another seed', () => {
    const images = imagesOf('acne', 60);
    const val = (seed: number) => curated(images, { ...SMALL, seed }).val.map(({ path }) => path);
    expect(val(1)).toEqual(val(1));
    expect(val(1)).not.toEqual(val(2));
  });

  it('moves boxes by the EXIF reading that the majority of their COCO file votes for', () => {
    const stored = { width: 640, height: 480 };
    const votes = imagesOf('acne', 9).map(({ image }) =>
      drawn(image.path, image.boxes, { stored, orientation: 6, coco: stored }),
    );
    const upsideDown = drawn('x.jpg', [boxOf('acne', { x: 0, y: 0, width: 40, height: 30 })], {
      stored,
      orientation: 3,
    });
    const { train, val } = curated([...votes, upsideDown], SMALL);
    const image = [...train, ...val].find(({ path }) => path === 'x.jpg');
    expect(image?.boxes).toEqual([{ label: 'acne', left: 600, top: 450, width: 40, height: 30 }]);
  });

  it('sorts the images of each side by key', () => {
    const { train, val } = curated(imagesOf('acne', 30).reverse(), SMALL);
    for (const list of [train, val]) {
      const keys = list.map(({ key }) => key);
      expect(keys).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
    }
  });
});

describe('images that cannot be used', () => {
  it('are listed with file, record and reason, sorted by path', () => {
    const broken = {
      ...drawn('b.jpg', [], { cocoFile: COCO_FILE }),
      result: rejected('b.jpg', 'It is torn.'),
    };
    const curation = curated([...imagesOf('acne', 10), broken], SMALL, { missing: [rejected('a.jpg')] });
    expect(curation.rejected).toEqual([
      {
        path: 'a.jpg',
        cocoFile: COCO_FILE,
        record: 'image id a.jpg',
        reason: 'undecodable',
        message: 'It is broken.',
      },
      {
        path: 'b.jpg',
        cocoFile: COCO_FILE,
        record: 'image id b.jpg',
        reason: 'undecodable',
        message: 'It is torn.',
      },
    ]);
  });

  it('are listed up to 1,000 and all counted', () => {
    const missing = Array.from({ length: 1_500 }, (_, i) => rejected(`gone${i}.jpg`));
    const { rejected: listed, images } = curated(
      imagesOf('acne', 20),
      { ...SMALL, maxRejectedRatio: 1 },
      { missing },
    );
    expect([listed.length, images.rejected]).toEqual([1_000, 1_500]);
    const error = refusal(() => curated(imagesOf('acne', 20), SMALL, { missing }));
    expect(error.details).toMatchObject({ count: 1_500 });
    expect(error.details.examples).toHaveLength(20);
    expect(error.rejected).toEqual(listed);
  });
});

describe('refusals of curate', () => {
  it('refuses more unusable images than MAX_REJECTED_RATIO, with reasons and examples', () => {
    const images = imagesOf('acne', 7);
    const missing = ['a.jpg', 'b.jpg', 'c.jpg'].map((path) => rejected(path));
    const error = refusal(() => curated(images, SMALL, { missing }));
    expect(error).toMatchObject({ type: 'TooManyRejectedImages', details: { count: 3 } });
    expect(error.message).toContain('3 of 10 images');
    expect(error.message).toContain('3 undecodable');
    expect(error.message).toContain('a.jpg (train/_annotations.coco.json, image id a.jpg): It is broken.');
  });

  it('accepts a share of unusable images equal to MAX_REJECTED_RATIO', () => {
    const missing = Array.from({ length: 29 }, (_, i) => rejected(`gone${i}.jpg`));
    const curation = curated(imagesOf('acne', 71), { ...SMALL, maxRejectedRatio: 0.29 }, { missing });
    expect(curation.images.rejected).toBe(29);
  });

  it('refuses a dataset without a usable image even with MAX_REJECTED_RATIO=1', () => {
    const error = refusal(() =>
      curated([], { ...SMALL, maxRejectedRatio: 1 }, { missing: [rejected('a.jpg')] }),
    );
    expect(error).toMatchObject({
      type: 'NoUsableImages',
      message:
        'None of the 1 images can be used. Fix or replace them. First case: a.jpg (train/_annotations.coco.json, image id a.jpg): It is broken.',
    });
  });

  it('refuses a dataset that was never annotated', () => {
    const error = refusal(() => curated([drawn('a.jpg', []), drawn('b.jpg', [])], SMALL));
    expect(error).toMatchObject({ type: 'NoUsableImages' });
    expect(error.message).toContain('None of the 2 images has an annotation');
  });

  it('refuses a dataset whose annotations are all unusable, with the reasons', () => {
    const { image, result } = drawn('a.jpg', []);
    const error = refusal(() =>
      curated([{ image: { ...image, annotations: 3 }, result }], SMALL, {
        annotationsFound: 3,
        droppedWhileReading: { crowd: 1, 'unknown-category': 2 },
      }),
    );
    expect(error.message).toMatch(
      /0 have no annotation.*\(1 crowd, 2 unknown-category\).*export the categories/,
    );
    expect(error.message).not.toMatch('MIN_BOX_PX');
  });

  it('does not say that nothing was annotated if annotations have unknown image ids', () => {
    const error = refusal(() =>
      curated([drawn('a.jpg', []), drawn('b.jpg', [])], SMALL, {
        annotationsFound: 90,
        droppedWhileReading: { 'unknown-image': 90 },
      }),
    );
    expect(error.message).toBe(
      'None of the 2 images has a usable box: 2 have no annotation, and all annotations were dropped (90 unknown-image). Annotations with an unknown-image have an image_id that no image of their COCO file has: export images and annotations together.',
    );
  });

  it('refuses a dataset whose boxes are all too small and names the setting', () => {
    const images = [drawn('a.jpg', [boxOf('acne', { width: 2 })]), drawn('b.jpg', [])];
    const error = refusal(() => curated(images, SMALL));
    expect(error).toMatchObject({ type: 'NoUsableImages' });
    expect(error.message).toMatch(/1 have no annotation.*1 too-small.*MIN_BOX_PX/);
  });

  it('refuses a dataset of rare classes and suggests a MIN_CLASS_IMAGES that works', () => {
    const images = [...imagesOf('acne', 16), ...imagesOf('mole', 12)];
    const error = refusal(() => curated(images));
    expect(error).toMatchObject({ type: 'NoClassLeft' });
    expect(error.message).toMatch(
      /acne 16, mole 12.*MIN_CLASS_IMAGES=16, which keeps 1 of 2 classes on 16 images/,
    );
    expect(curated(images, { minClassImages: 16 }).images.used).toBe(16);
  });

  it('suggests a MIN_CLASS_IMAGES that leads to a split, not only one that keeps a class', () => {
    // Nine images of a class are too few for one in val; the class of eight adds enough.
    const images = [...imagesOf('acne', 9), ...imagesOf('mole', 8)];
    const { message } = refusal(() => curated(images));
    expect(message).toMatch(/acne 9, mole 8.*MIN_CLASS_IMAGES=8, which keeps 2 of 2 classes on 17 images/);
    expect(curated(images, { minClassImages: 8 }).images).toMatchObject({ train: 16, val: 1 });
  });

  it('says why no MIN_CLASS_IMAGES works', () => {
    const { message } = refusal(() => curated(imagesOf('acne', 9)));
    expect(message).toMatch(
      /Label more images\. A lower MIN_CLASS_IMAGES alone does not help: .*VAL_SPLIT=0.1 of 9/,
    );
  });

  it('refuses a dataset that is too small to split', () => {
    expect(refusal(() => curated(imagesOf('acne', 9), { minClassImages: 2 })).type).toBe('SplitImpossible');
  });
});

describe('findings of curate', () => {
  it('report that class balancing excluded over 20 % of the images, and how to keep them', () => {
    const finding = findingOf(curated(imagesOf('acne', 113)), 'BALANCE_LEFT_OUT');
    expect(finding).toMatchObject({ count: 23, severity: 'warning' });
    expect(finding?.message).toMatch(
      /23 of 113 labelled images \(20 %\).*PER_CLASS_CAP.*ENABLE_BALANCE=false/,
    );
    // No class was dropped, so that a lower MIN_CLASS_IMAGES would keep nothing.
    expect(finding?.message).not.toMatch('MIN_CLASS_IMAGES');
    expect(findingOf(curated(imagesOf('acne', 112)), 'BALANCE_LEFT_OUT')).toBeUndefined();
  });

  it('report that over 20 % of the images were never annotated', () => {
    const unlabelled = (count: number) => Array.from({ length: count }, (_, i) => drawn(`u${i}.jpg`, []));
    const finding = findingOf(
      curated([...imagesOf('acne', 11), ...unlabelled(3)], SMALL),
      'MANY_NEVER_ANNOTATED',
    );
    expect(finding?.message).toContain(
      '3 of 14 images (21 %) were never annotated. Check whether labelling is finished.',
    );
    expect(
      findingOf(curated([...imagesOf('acne', 12), ...unlabelled(3)], SMALL), 'MANY_NEVER_ANNOTATED'),
    ).toBeUndefined();
  });

  it('report boxes below MIN_BOX_PX with their sizes and the IMAGE_MAX_SIDE that keeps them', () => {
    const halved = { stored: { width: 1280, height: 960 }, output: { width: 640, height: 480 } };
    const lost = [
      drawn('a.jpg', [boxOf('acne', { width: 8 })], halved),
      drawn('b.jpg', [boxOf('acne', { width: 10 })], halved),
      drawn('c.jpg', [boxOf('acne', { width: 3 })], halved),
    ];
    const finding = findingOf(curated([...imagesOf('acne', 10), ...lost], SMALL), 'BOXES_TOO_SMALL');
    // 6 px of 8 need 3/4 of 1280, 6 of 10 need 3/5; three pixels are too few at any size.
    expect(finding?.message).toContain('IMAGE_MAX_SIDE=960 would keep 2 of them');
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

  it('suggest no IMAGE_MAX_SIDE above 1280, to which the service resizes images for training', () => {
    const halved = { stored: { width: 2560, height: 1920 }, output: { width: 1280, height: 960 } };
    const lost = drawn('a.jpg', [boxOf('acne', { width: 10 })], halved);
    const finding = findingOf(curated([...imagesOf('acne', 10), lost], SMALL), 'BOXES_TOO_SMALL');
    expect(finding?.message).toContain('No IMAGE_MAX_SIDE would keep them');
    expect(finding?.message).toContain('resizes images to 1280 pixels');
  });

  it('suggest an IMAGE_MAX_SIDE that keeps a box for any rounding of its edges', () => {
    const original = { width: 1201, height: 803 };
    for (let i = 0; i < 200; i += 1) {
      const box = boxOf('acne', { x: 3 * i + i / 7, y: i + i / 3, width: 9 + i / 80, height: 40 });
      const sized = (width: number) =>
        drawn('a.jpg', [box], {
          stored: original,
          output: { width, height: Math.round((original.height * width) / original.width) },
        });
      const dropped = curated([...imagesOf('acne', 10), sized(512)], SMALL);
      const side = Number(
        /IMAGE_MAX_SIDE=(\d+)/.exec(findingOf(dropped, 'BOXES_TOO_SMALL')?.message ?? '')?.[1],
      );
      expect(side).toBeGreaterThan(512);
      expect(curated([...imagesOf('acne', 10), sized(side)], SMALL).annotations.dropped).toEqual({});
    }
  });

  it('suggest no IMAGE_MAX_SIDE for boxes that are too small in the originals', () => {
    const finding = findingOf(
      curated([...imagesOf('acne', 10), drawn('a.jpg', [boxOf('acne', { width: 5 })])], SMALL),
      'BOXES_TOO_SMALL',
    );
    expect(finding?.message).toContain('No IMAGE_MAX_SIDE would keep them');
  });

  it('suggest no IMAGE_MAX_SIDE for boxes that are too small once the service resizes the image', () => {
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

  it('report 300,000 boxes that are too small', () => {
    const specks = Array.from({ length: 300_000 }, (_, i) => boxOf('acne', { x: i % 600, width: 1 }));
    const finding = findingOf(
      curated([...imagesOf('acne', 10), drawn('a.jpg', specks)], SMALL),
      'BOXES_TOO_SMALL',
    );
    expect(finding).toMatchObject({ count: 300_000 });
    expect(finding?.examples).toHaveLength(10);
  });

  it('report classes that reach MIN_CLASS_IMAGES only with copies', () => {
    const images = [...imagesOf('acne', 10), ...imagesOf('mole', 4)];
    const groupOf = new Map(['mole0000.jpg', 'mole0001.jpg'].map((path) => [path, 'photo']));
    const settings = { ...SMALL, minClassImages: 4 };
    expect(findingOf(curated(images, settings, { groupOf }), 'CLASSES_OF_COPIES')).toMatchObject({
      count: 1,
      examples: ['mole: 4 images of 3 photos'],
    });
    expect(findingOf(curated(images, settings), 'CLASSES_OF_COPIES')).toBeUndefined();
  });

  it('report images whose COCO size has another aspect ratio', () => {
    const odd = drawn('odd.jpg', [boxOf('acne')], { coco: { width: 480, height: 640 } });
    expect(findingOf(curated([...imagesOf('acne', 10), odd], SMALL), 'SIZE_MISMATCH')?.examples).toEqual([
      'odd.jpg',
    ]);
  });

  it('report groups larger than val and classes with few validation images', () => {
    const images = imagesOf('acne', 20);
    const groupOf = new Map(images.slice(0, 8).map(({ image }) => [image.path, 'photo']));
    const curation = curated(images, SMALL, { groupOf });
    expect(findingOf(curation, 'GROUPS_TOO_LARGE')).toMatchObject({
      examples: [expect.stringMatching(/^acne000[0-7].jpg: 8 images$/)],
    });
    expect(findingOf(curation, 'FEW_TEST_IMAGES')?.examples).toEqual(['acne: 4']);
  });

  it('report a val that groups keep below VAL_SPLIT', () => {
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

  it('are absent for a good dataset', () => {
    const images = [...imagesOf('acne', 260), ...imagesOf('mole', 250)];
    expect(curated(images, { valSplit: 0.2, perClassCap: 300 }).findings).toEqual([]);
  });
});
