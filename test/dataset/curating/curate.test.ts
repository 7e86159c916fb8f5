import { describe, expect, it } from '@jest/globals';
import { boxOf, COCO_FILE, curated, drawn, findingOf, imagesOf, rejected, SMALL } from './images.js';

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
