import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, image, merge } from './coco-export.js';

describe('a record whose file is missing', () => {
  const coco = (names: readonly string[]) => ({
    images: names.map((name, i) => image(i, name)),
    annotations: names.map((_, i) => annotation(i)),
  });
  const missingOf = (files: Record<string, ReturnType<typeof coco>>, paths: readonly string[]) => {
    const { rejected, findings } = merge(files, paths);
    const skipped = findings.find(({ code }) => code === 'COCO_FILES_SKIPPED')?.examples ?? [];
    return [...rejected.map(({ path }) => path), ...skipped];
  };

  it('a record whose file is missing never gets another picture of the same name', () => {
    const cases: [string, Record<string, ReturnType<typeof coco>>, string[], string[]][] = [
      [
        'in another split',
        { 'a.json': coco(['train/1.jpg', 'train/2.jpg']) },
        ['train/1.jpg', 'test/2.jpg'],
        ['train/2.jpg'],
      ],
      ['of another camera', { 'a.json': coco(['cam1/1.jpg', 'cam2/1.jpg']) }, ['cam1/1.jpg'], ['cam2/1.jpg']],
      [
        'outside the folder of the other images',
        { 'a/c.json': coco(['1.jpg', '2.jpg']) },
        ['a/1.jpg', 'b/2.jpg'],
        ['a/2.jpg'],
      ],
      [
        'that another COCO file names with its folder',
        { 'train.json': coco(['train/1.jpg']), 'val.json': coco(['val/1.jpg']) },
        ['train/1.jpg'],
        ['val.json: none of its images (1) is in the archive'],
      ],
    ];
    for (const [what, files, paths, missing] of cases) {
      expect({ what, missing: missingOf(files, paths) }).toEqual({ what, missing });
    }
  });

  it('a record is found in another folder if no record of its COCO file is found by path', () => {
    expect(
      missingOf({ 'a.json': coco(['C:/photos/1.jpg', 'C:/photos/2.jpg']) }, ['data/1.jpg', 'data/2.jpg']),
    ).toEqual([]);
  });
});

describe('several COCO files of one archive', () => {
  it('COCO files of one archive never match a file_name of one split with a file of another', () => {
    const valid = {
      images: [image(1, '1.jpg'), image(2, '2.jpg')],
      annotations: [annotation(1), annotation(2)],
    };
    const train = { images: [image(1, '1.jpg')], annotations: [annotation(1, { category_id: 2 })] };
    const merged = merge({ 'train/_annotations.coco.json': train, 'valid/_annotations.coco.json': valid }, [
      'train/1.jpg',
      'valid/2.jpg',
    ]);
    expect(merged.rejected.map(({ path }) => path)).toEqual(['valid/1.jpg']);
    expect(merged.images.map(({ path, boxes }) => [path, boxes[0]?.label])).toEqual([
      ['train/1.jpg', 'pustule'],
      ['valid/2.jpg', 'nodule'],
    ]);
    expect(merged.findings).toEqual([]);
  });

  it('COCO files of one archive find the images of a file over all splits by their unique bare names', () => {
    const all = {
      images: [image(1, 'x.jpg'), image(2, 'y.jpg')],
      annotations: [annotation(1), annotation(2)],
    };
    const train = { images: [image(1, 'x.jpg')], annotations: [annotation(1)] };
    const merged = merge({ 'annotations/all.json': all, 'train/labels.json': train }, [
      'train/x.jpg',
      'valid/y.jpg',
    ]);
    expect(merged.images.map(({ path }) => path)).toEqual(['train/x.jpg', 'valid/y.jpg']);
    expect(merged.annotations).toEqual({ found: 2, dropped: {} });
  });

  it('COCO files of one archive keep subsets with the same image names apart', () => {
    const subset = { images: [image(1, '1.jpg')], annotations: [annotation(1)] };
    const merged = merge(
      { 'annotations/instances_train.json': subset, 'annotations/instances_val.json': subset },
      ['images/train/1.jpg', 'images/val/1.jpg'],
    );
    expect(merged.images.map(({ path, cocoFile }) => [path, cocoFile])).toEqual([
      ['images/train/1.jpg', 'annotations/instances_train.json'],
      ['images/val/1.jpg', 'annotations/instances_val.json'],
    ]);
  });

  it('COCO files of one archive give boxes; captions of the same images are ignored', () => {
    const images = [image(1, 'x.jpg')];
    const captions = { images, annotations: [{ id: 1, image_id: 1, caption: 'A nodule.' }], categories: [] };
    const merged = merge(
      {
        'annotations/captions_train2017.json': captions,
        'annotations/instances_train2017.json': { images, annotations: [annotation(1)] },
      },
      ['train2017/x.jpg'],
    );
    expect(merged.annotations).toEqual({ found: 1, dropped: {} });
    expect(merged.images[0]?.boxes).toHaveLength(1);
    expect(merged.findings).toEqual([]);
  });

  it('COCO files of one archive are read by the larger file if neither has the name of an export', () => {
    const images = [image(1, 'x.jpg'), image(2, 'y.jpg')];
    const large = { images, annotations: [annotation(1), annotation(2)] };
    const small = { images: [image(1, 'x.jpg')], annotations: [annotation(1, { category_id: 2 })] };
    const merged = merge({ 'a.json': small, 'b.json': large }, ['x.jpg', 'y.jpg']);
    expect(merged.images.map(({ cocoFile }) => cocoFile)).toEqual(['b.json', 'b.json']);
    expect(merged.annotations.found).toBe(2);
  });

  it('COCO files of one archive count an image that is missing from two of them once, with its expected path', () => {
    const a = { images: [image(1, 'a.jpg'), image(2, 'gone.jpg')], annotations: [annotation(2)] };
    const b = { images: [image(1, 'b.jpg'), image(2, 'gone.jpg')], annotations: [annotation(2)] };
    const merged = merge({ 'set/a.json': a, 'set/b.json': b }, ['set/a.jpg', 'set/b.jpg']);
    expect(merged.rejected.map(({ path }) => path)).toEqual(['set/gone.jpg']);
    expect(merged.annotations).toEqual({ found: 1, dropped: { 'image-rejected': 1 } });
  });
});

describe('several records of one image', () => {
  it('records of one image under two ids are one image, and repeated boxes are one box', () => {
    const images = [image(1, 'x.jpg'), image(2, './x.jpg')];
    const annotations = [annotation(1), annotation(2), annotation(2, { bbox: [5, 5, 5, 5] })];
    const merged = merge({ 'c.json': { images, annotations } }, ['x.jpg']);
    expect(merged.images).toHaveLength(1);
    expect(merged.annotations).toEqual({ found: 3, dropped: { duplicate: 1 } });
    expect(merged.findings).toMatchObject([
      { code: 'BOXES_REPEATED', count: 1, examples: ['x.jpg: 1'] },
      { code: 'IMAGE_RECORDS_REPEATED', count: 1, examples: ['x.jpg'] },
    ]);
  });

  it('records of one image that state different sizes are reported as pictures that overwrote one another', () => {
    const images = [image(1, 'x.jpg'), { ...image(2, './x.jpg'), width: 320 }, image(3, 'y.jpg')];
    const annotations = [annotation(1), annotation(2, { bbox: [5, 5, 5, 5] }), annotation(3)];
    const merged = merge({ 'c.json': { images, annotations } }, ['x.jpg', 'y.jpg']);
    expect(merged.findings).toMatchObject([
      { code: 'IMAGE_RECORDS_REPEATED', count: 1 },
      { code: 'IMAGES_OVERWRITTEN', count: 1, examples: ['x.jpg'] },
    ]);
  });

  it('records of one image under one id are one image, without size if they contradict each other', () => {
    const images = [image(1, 'x.jpg'), { ...image(1, 'x.jpg'), width: 999 }];
    const merged = merge({ 'c.json': { images, annotations: [annotation(1)] } }, ['x.jpg']);
    expect(merged.images).toMatchObject([{ path: 'x.jpg', height: 80, boxes: [{ label: 'nodule' }] }]);
    expect(merged.findings).toMatchObject([{ code: 'IMAGE_RECORDS_REPEATED' }]);
  });
});

describe('categories', () => {
  const labelled = (names: readonly unknown[]) =>
    merge(
      {
        'c.json': {
          images: [image(1, 'a.jpg')],
          annotations: names.map((_, id) => annotation(1, { category_id: id, bbox: [id, 2, 30, 40] })),
          categories: names.map((name, id) => ({ id, name })),
        },
      },
      ['a.jpg'],
    );

  it('categories may have names of object properties, such as __proto__', () => {
    expect(labelled(['__proto__', 'constructor', 'toString']).labels).toEqual([
      '__proto__',
      'constructor',
      'toString',
    ]);
  });

  it('categories may be numbers, which are sorted as text', () => {
    expect(labelled([10, '2', '0']).labels).toEqual(['0', '10', '2']);
  });

  it('categories keep their spaces if there is no other spelling of the name', () => {
    expect(labelled(['nodule ', 'cafe\u0301', 'white  head']).labels).toEqual([
      'cafe\u0301',
      'nodule ',
      'white  head',
    ]);
  });

  it('categories apply only to annotations of the same file', () => {
    const images = [image(1, 'x.jpg')];
    const merged = merge(
      {
        'a/c.json': { images, annotations: [annotation(1)], categories: CATEGORIES },
        'b/c.json': { images, annotations: [annotation(1)], categories: [{ id: 1, name: 'wart' }] },
      },
      ['a/x.jpg', 'b/x.jpg'],
    );
    expect(merged.images.map(({ boxes }) => boxes[0]?.label)).toEqual(['nodule', 'wart']);
  });
});
