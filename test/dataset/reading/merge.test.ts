import { describe, expect, it } from '@jest/globals';
import { jsonInMemory } from '../../../src/dataset/reading/json-file.js';
import { mergeCoco } from '../../../src/dataset/reading/merge.js';
import { finish } from '../../support/steps.js';
import { annotation, CATEGORIES, type Coco, entry, image, merge, refusal } from './coco-export.js';

describe('the file of a file_name', () => {
  it.each([
    ['Roboflow', 'train/_annotations.coco.json', 'x.jpg', 'train/x.jpg'],
    ['flat', '_annotations.coco.json', 'x.jpg', 'x.jpg'],
    ['CVAT', 'annotations/instances_default.json', 'x.jpg', 'images/default/x.jpg'],
    ['CVAT without subset folders', 'annotations/instances_default.json', 'x.jpg', 'images/x.jpg'],
    ['COCO 2017', 'annotations/instances_train2017.json', 'x.jpg', 'images/train2017/x.jpg'],
    ['COCO 2017 beside annotations', 'annotations/instances_val2017.json', 'x.jpg', 'val2017/x.jpg'],
    ['Label Studio', 'result.json', 'images\\x.jpg', 'images/x.jpg'],
    ['FiftyOne', 'labels.json', 'x.jpg', 'data/x.jpg'],
    [
      'a JSON file with the name of its image folder',
      'annotations/train.json',
      'x.jpg',
      'images/train/x.jpg',
    ],
    ['a JSON file beside the folder of its name', 'train_annotations.json', 'x.jpg', 'train/x.jpg'],
    ['an absolute path of another machine', 'labels.json', 'C:\\\\data\\\\x.jpg', 'images/x.jpg'],
    ['a wrapper folder', 'export/train/_annotations.coco.json', 'x.jpg', 'export/train/x.jpg'],
    ['a relative path', 'a/labels.json', '../b/x.jpg', 'b/x.jpg'],
    ['a unique name in the same tree', 'set/labels.json', 'x.jpg', 'set/deep/er/x.jpg'],
    ['decomposed letters', 'labels.json', 'u\u0308.jpg', '\u00fc.jpg'],
    ['a name in another letter case', 'labels.json', 'X.JPG', 'images/x.jpg'],
  ])('the file of a file_name is found in the layout: %s', (_layout, json, name, path) => {
    const merged = merge({ [json]: { images: [image(1, name)], annotations: [annotation(1)] } }, [
      path,
      'other/y.jpg',
      'README.txt',
    ]);
    expect(merged.images.map((one) => one.path)).toEqual([path]);
    expect(merged.unlisted).toEqual(['other/y.jpg']);
  });

  it('the file of a file_name is ambiguous if several files match, which the error lists', () => {
    const coco = { images: [image(1, 'x.jpg')], annotations: [annotation(1)] };
    const error = refusal({ 'labels.json': coco }, ['a/x.jpg', 'b/x.jpg']);
    expect(error.type).toBe('ImageAmbiguous');
    expect(error.message).toMatch(/a\/x\.jpg, b\/x\.jpg/);
  });

  it('the record of an ambiguous file_name is left out, with a warning, if it has no annotations', () => {
    const coco = { images: [image(1, 'x.jpg'), image(2, 'y.jpg')], annotations: [annotation(2)] };
    const merged = merge({ 'labels.json': coco }, ['a/x.jpg', 'b/x.jpg', 'y.jpg']);
    expect([merged.images.map(({ path }) => path), merged.rejected]).toEqual([['y.jpg'], []]);
    expect(merged.findings.find(({ code }) => code === 'IMAGE_RECORDS_UNUSABLE')).toMatchObject({
      count: 1,
      examples: ['labels.json: image id 1 could be any of a/x.jpg, b/x.jpg'],
    });
  });

  it('the file of a file_name is found by its exact letter case if two files differ only in case', () => {
    const images = [image(1, 'X.jpg'), image(2, 'x.jpg')];
    const merged = merge({ 'set/c.json': { images, annotations: [annotation(2)] } }, ['p/X.jpg', 'p/x.jpg']);
    expect(merged.images.map(({ path, record }) => [path, record])).toEqual([
      ['p/X.jpg', 'image id 1'],
      ['p/x.jpg', 'image id 2'],
    ]);
  });

  it('the file of a file_name is counted as rejected if it is missing, with its annotations', () => {
    const images = [image(1, 'a.jpg'), image(2, 'gone.jpg')];
    const merged = merge({ 'c.json': { images, annotations: [annotation(1), annotation(2)] } }, ['a.jpg']);
    expect(merged.rejected).toMatchObject([
      { path: 'gone.jpg', reason: 'missing-in-archive', cocoFile: 'c.json', record: 'image id 2' },
    ]);
    expect(merged.annotations).toEqual({ found: 2, dropped: { 'image-rejected': 1 } });
  });

  it('the record of a missing file is ignored, with a warning, if it has no annotations', () => {
    const coco = { images: [image(1, 'a.jpg'), image(2, 'gone.jpg')], annotations: [annotation(1)] };
    const merged = merge({ 'c.json': coco }, ['a.jpg']);
    expect(merged.rejected).toEqual([]);
    expect(merged.findings).toMatchObject([
      {
        ...{ code: 'IMAGE_RECORDS_UNUSABLE', count: 1 },
        examples: ['c.json: image id 2 is not in the archive (gone.jpg)'],
      },
    ]);
  });

  it('the file of a file_name is missing if its path points outside the archive', () => {
    const coco = { images: [image(1, '../../a.jpg'), image(2, 'b.jpg')], annotations: [annotation(1)] };
    expect(merge({ 'c.json': coco }, ['x/a.jpg', 'y/a.jpg', 'b.jpg'].slice(2)).rejected).toHaveLength(1);
  });
});

describe('several COCO files', () => {
  const own = { images: [image(1, 'x.jpg'), image(2, 'y.jpg')], annotations: [annotation(1), annotation(2)] };

  it('several COCO files keep their ids apart, which restart in each file', () => {
    const merged = merge(
      {
        'train/_annotations.coco.json': own,
        'valid/_annotations.coco.json': {
          images: [image(1, 'z.jpg')],
          annotations: [annotation(1, { category_id: 2 })],
        },
      },
      ['train/x.jpg', 'train/y.jpg', 'valid/z.jpg'],
    );
    expect(merged.images.map(({ path, boxes }) => [path, boxes.map(({ label }) => label)])).toEqual([
      ['train/x.jpg', ['nodule']],
      ['train/y.jpg', ['nodule']],
      ['valid/z.jpg', ['pustule']],
    ]);
  });

  it('a COCO file and its copy beside the export are counted once', () => {
    const copy = { images: [image(7, 'x.jpg')], annotations: [annotation(7)] };
    const merged = merge({ 'train/_my_anno.json': copy, 'train/_annotations.coco.json': own }, [
      'train/x.jpg',
      'train/y.jpg',
    ]);
    expect(merged.annotations).toEqual({ found: 2, dropped: {} });
    expect(merged.findings).toEqual([]);
    expect(merged.cocoFiles.map(({ path }) => path)).toEqual(['train/_annotations.coco.json']);
  });

  it('several COCO files are reported if they disagree, and the file with the name of an export is used', () => {
    const copy = { images: [image(7, 'x.jpg')], annotations: [annotation(7, { bbox: [9, 9, 9, 9] })] };
    const merged = merge({ 'copy.json': copy, '_annotations.coco.json': own }, ['x.jpg', 'y.jpg']);
    expect(merged.images[0]?.boxes).toMatchObject([{ x: 1, y: 2 }]);
    expect(merged.findings).toMatchObject([{ code: 'COCO_FILES_DISAGREE', examples: ['x.jpg'] }]);
  });

  it('several COCO files are read by the file beside the images, not by a copy in another folder', () => {
    const old = { ...own, annotations: [annotation(1, { bbox: [9, 9, 9, 9] })] };
    const merged = merge({ 'elsewhere/_annotations.coco.json': old, 'train/_annotations.coco.json': own }, [
      'train/x.jpg',
      'train/y.jpg',
    ]);
    expect(merged.images.map(({ cocoFile }) => cocoFile)).toEqual([
      'train/_annotations.coco.json',
      'train/_annotations.coco.json',
    ]);
    expect(merged.annotations).toEqual({ found: 2, dropped: {} });
    expect(merged.findings).toMatchObject([{ code: 'COCO_FILES_DISAGREE', count: 1 }]);
  });

  it('several COCO files are read beside JSON files that are not COCO, which are skipped', () => {
    const merged = merge({ 'meta.json': '{"hello":[1]}', 'list.json': '[1]', 'c.json': own }, [
      'x.jpg',
      'y.jpg',
    ]);
    expect(merged.cocoFiles).toHaveLength(1);
  });
});

describe('annotations', () => {
  const read = (more: object | string) => {
    const text =
      typeof more === 'string'
        ? more
        : JSON.stringify({
            images: [image(1, 'a.jpg')],
            annotations: [annotation(1, more)],
            categories: CATEGORIES,
          });
    return merge({ 'c.json': text }, ['a.jpg']);
  };

  it.each<[string, object, string]>([
    ['iscrowd', { iscrowd: 1 }, 'crowd'],
    ['an empty box', { bbox: [1, 1, 0, 5] }, 'empty-box'],
    ['a negative width', { bbox: [9, 9, -3, 5] }, 'empty-box'],
    ['a box of three numbers', { bbox: [1, 2, 3] }, 'invalid-box'],
    ['neither box nor shape', { bbox: undefined }, 'invalid-box'],
    ['a category that does not exist', { category_id: 77 }, 'unknown-category'],
    ['an image that does not exist', { image_id: 77 }, 'unknown-image'],
  ])('annotations with %s are dropped and counted', (_what, more, reason) => {
    const annotations = [annotation(1, { bbox: [50, 50, 9, 9] }), annotation(1, more)];
    const coco = { images: [image(1, 'a.jpg')], annotations, categories: CATEGORIES };
    const merged = merge({ 'c.json': coco }, ['a.jpg']);
    expect(merged.annotations).toEqual({ found: 2, dropped: { [reason]: 1 } });
    expect(merged.images[0]?.boxes).toMatchObject([{ x: 50 }]);
  });

  it.each<[string, object, [number, number, number, number]]>([
    ['numbers written as text', { bbox: ['1', '2.5', '30', '40'] }, [1, 2.5, 30, 40]],
    ['ids written as text', { image_id: '1', category_id: '1' }, [1, 2, 30, 40]],
    ['a polygon instead of a box', { bbox: null, segmentation: [[3, 4, 13, 4, 13, 24]] }, [3, 4, 10, 20]],
    [
      'a mask instead of a box',
      { bbox: null, segmentation: { size: [80, 100], counts: [81, 2, 78, 2, 7837] } },
      [1, 1, 2, 2],
    ],
  ])('annotations with %s are read', (_what, more, [x, y, width, height]) => {
    expect(read(more).images[0]?.boxes).toEqual([{ label: 'nodule', x, y, width, height }]);
  });

  it("annotations with Python's NaN are dropped; the other annotations of the file are read", () => {
    const text = JSON.stringify({
      images: [image(1, 'a.jpg')],
      annotations: [annotation(1), annotation(1, { bbox: [5, 5, 5, 5] })],
      categories: [...CATEGORIES, { id: 3, name: 'NaN' }],
    }).replace('[1,2,30,40]', '[NaN,2,Infinity,-Infinity]');
    expect(read(text).annotations).toEqual({ found: 2, dropped: { 'invalid-box': 1 } });
  });

  it('annotations with the same box are one in the same class and two in two classes', () => {
    const annotations = [annotation(1), annotation(1), annotation(1, { category_id: 2 })];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
    expect(merged.annotations).toEqual({ found: 3, dropped: { duplicate: 1 } });
    expect(merged.images[0]?.boxes.map(({ label }) => label)).toEqual(['nodule', 'pustule']);
    expect(merged.findings).toMatchObject([
      { code: 'BOXES_REPEATED', count: 1, examples: ['a.jpg: 1'] },
      { code: 'BOXES_IN_TWO_CLASSES', count: 1, examples: ['a.jpg'] },
    ]);
  });
});

describe('an archive', () => {
  it.each<[string, Record<string, Coco | string>, string, RegExp]>([
    ['no JSON file', {}, 'CocoMissing', /has no JSON file/],
    [
      'only JSON that is not COCO',
      { 'a.json': '{}' },
      'CocoMissing',
      /none of its JSON files \(a\.json\) has the lists/,
    ],
    [
      'truncated JSON',
      { 'c.json': '{"images":[{"id":1' },
      'CocoInvalid',
      /c\.json is not valid JSON: it ends in the middle, at byte/,
    ],
    ['JSON without a comma', { 'c.json': '{"images":[] "annotations":[]}' }, 'CocoInvalid', /comma/],
    [
      'JSON that is nested too deeply',
      { 'c.json': `{"images":${'['.repeat(5000)}` },
      'CocoInvalid',
      /nests more than/,
    ],
    ['no image record', { 'c.json': { images: [], annotations: [] } }, 'NoUsableImages', /describe no image/],
    [
      'none of its images',
      { 'c.json': { images: [image(1, 'z.jpg')], annotations: [] } },
      'NoUsableImages',
      /z\.jpg/,
    ],
    [
      'two images with the same id',
      { 'c.json': { images: [image(1, 'a.jpg'), image(1, 'b.jpg')], annotations: [annotation(1)] } },
      'CocoInvalid',
      /^c\.json: images\[1\] \("b\.jpg"\) has the id 1, which the image "a\.jpg" has too\. Give each image an id of its own .* two folders\.$/,
    ],
  ])('an archive is refused if it has %s', (_what, files, type, message) => {
    const error = refusal(files);
    expect(error.type).toBe(type);
    expect(error.message).toMatch(message);
  });

  it('an archive is refused if it contains several archives, which the error names', () => {
    const error = refusal({}, ['job1.zip', 'job2.zip']);
    expect(error.type).toBe('CocoMissing');
    expect(error.message).toContain(
      'It contains 2 other archives, job1.zip, job2.zip, which are not read. Export them together as one dataset, or unpack each into a folder of its own and zip these folders together.',
    );
  });

  it('an archive is refused if it contains another archive, which the error names', () => {
    const error = refusal({}, ['set/export.zip']);
    expect(error.type).toBe('CocoMissing');
    expect(error.message).toMatch(/contains another archive, set\/export\.zip/);
  });
});

it('reads many annotations in steps, so that heartbeats are sent between them', () => {
  const annotations = Array.from({ length: 45_000 }, (_, i) =>
    annotation(1, { bbox: [3 * (i % 50), 1, 30, 40] }),
  );
  const coco = { images: [image(1, 'a.jpg')], annotations, categories: CATEGORIES };
  const bytes = Buffer.from(JSON.stringify(coco));
  const pass = mergeCoco([jsonInMemory('c.json', bytes)], [entry('a.jpg')], { keepCrowd: false });
  const pauses = Array.from({ length: 4 }, () => pass.next().done);
  expect(pauses).toEqual([false, false, false, false]);
  expect(finish(pass).annotations).toEqual({ found: 45_000, dropped: { duplicate: 44_950 } });
});
