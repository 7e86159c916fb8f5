import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, codesOf, image, merge, pathsOf, refusal } from './coco-export.js';

const COCO = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories: CATEGORIES };
const GOOD = JSON.stringify(COCO);
const asText = (more: object) => JSON.stringify({ ...COCO, ...more });

describe('a COCO file in an unusual form', () => {
  it.each([
    ['two byte order marks', `\ufeff\ufeff${GOOD}`],
    ['a byte order mark after spaces', `\u00a0 \n\ufeff${GOOD}`],
    ['a zero-width space before it', `\u200b${GOOD}`],
    ['a list around its only object', `[${GOOD}]\n`],
  ])('a COCO file in an unusual form is read with %s', (_what, text) => {
    expect(merge({ 'c.json': text }, ['a.jpg']).images).toMatchObject([{ boxes: [{ label: 'nodule' }] }]);
  });

  it.each([
    ['a comment', `// exported today\n${GOOD}`, 'it begins with "// exported today", at byte 0'],
    ['an assignment', `var coco = ${GOOD};`, 'it begins with "var coco = {'],
  ])(
    'a COCO file in an unusual form is refused with its beginning if it starts with %s',
    (_what, text, message) => {
      for (const files of [{ 'c.json': text }, { 'c.json': text, 'good.json': GOOD }]) {
        const error = refusal(files);
        expect(error.type).toBe('CocoInvalid');
        expect(error.message).toContain(`c.json is not valid JSON: ${message}`);
        expect(error.message).toContain('Remove all text before the first { and after the last }.');
      }
    },
  );

  it('a COCO file in an unusual form is refused with its reason if it was encoded twice', () => {
    const { type, message } = refusal({ 'annotations.json': JSON.stringify(GOOD), 'good.json': GOOD });
    expect(type).toBe('CocoInvalid');
    expect(message).toContain('annotations.json is not valid JSON: it is a text that contains JSON');
    expect(message).toContain('call `json.dump` once');
  });

  it.each([
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:12\n'),
      'git lfs pull',
    ],
    ['a web page', Buffer.from('<!DOCTYPE html><html>'), 'Download the dataset again'],
    [
      'a gzip archive',
      Buffer.from([0x1f, 0x8b, 8, 0, 0, 0xff]),
      'Unpack it and zip the JSON file with the images',
    ],
    ['a PNG image', Buffer.from('\x89PNG\r\n', 'latin1'), 'Export it in COCO format'],
  ])('a file with the name of a COCO file is refused beside others if it is %s', (format, bytes, advice) => {
    const files = { 'train/_annotations.coco.json': bytes, 'good.json': GOOD };
    const { type, message } = refusal(files);
    expect(type).toBe('CocoInvalid');
    expect(message).toContain(`train/_annotations.coco.json is ${format}`);
    expect(message).toContain(advice);
  });

  it.each([
    ['a comment', GOOD.replace('"annotations"', '/* all */ "annotations"'), 'it has a comment', 'remove it'],
    [
      'a comment in a line',
      GOOD.replace('"annotations"', '\n// all\n"annotations"'),
      'it has a comment',
      'remove it',
    ],
    [
      'a comment in a record',
      GOOD.replace('"image_id"', '\n# first\n"image_id"'),
      'it has a comment',
      'remove it',
    ],
    [
      'a comma at the end of a list',
      GOOD.replace(/]}$/, ',]}'),
      'it has a comma before a closing',
      'remove the comma',
    ],
    ['a comma at the end', GOOD.replace(/}$/, ',}'), 'it has a comma before a closing', 'remove the comma'],
    [
      'a comma at the end of a record',
      GOOD.replace('0}', '0,}'),
      'it has a comma before a closing',
      'remove the comma',
    ],
    ['None', GOOD.replace('"iscrowd":0', '"iscrowd":None'), 'it has True, False or None', 'json.dump'],
    ['single quotes', GOOD.replace('"annotations"', "'annotations'"), 'it has single quotes', 'json.dump'],
    ['bare names', GOOD.replace('"annotations"', 'annotations'), 'it has member names without', 'json.dump'],
    [
      'another object behind it',
      GOOD + GOOD,
      'another object follows its end',
      'into a JSON file of its own',
    ],
  ])(
    'a COCO file in the notation of another language is refused with the byte: %s',
    (_what, text, what, advice) => {
      const { type, message } = refusal({ 'c.json': text });
      expect(type).toBe('CocoInvalid');
      expect(message).toMatch(/^c\.json is not valid JSON: .*, at byte \d+ of \d+\. /);
      expect(message).toContain(`: ${what}`);
      expect(message).toContain(advice);
    },
  );

  it('a COCO file that is truncated in a text with two slashes is not said to have a comment', () => {
    const { message } = refusal({ 'c.json': '{"images":[{"id":1}x{"url":"https://a, {b' });
    expect(message).toContain('a comma or a closing bracket is missing, at byte 19');
  });

  it('a COCO file in an unusual form is refused if it is a list of several objects', () => {
    const { message } = refusal({ 'c.json': `[${GOOD},${GOOD}]` });
    expect(message).toBe('c.json is a list of several COCO objects. Write each into a JSON file of its own.');
  });

  it('a COCO file in an unusual form is refused as JSON Lines if it has one object per line', () => {
    const ofImages = JSON.stringify({ ...image(1, 'a.jpg'), annotations: [annotation(1)] });
    const named = refusal({ '_annotations.coco.json': `${ofImages}\n${ofImages}` });
    expect(named.type).toBe('CocoInvalid');
    expect(named.message).toMatch(
      /^_annotations\.coco\.json is JSON Lines.*Export in COCO format\. In Roboflow:/,
    );
  });

  it.each([
    ['on the next line', `${GOOD}\n`, 'another object follows its end'],
    ['after blank lines', `${GOOD}\r\n\r\n`, 'another object follows its end'],
    ['in the same line', GOOD, 'another object follows its end'],
    ['after a comma', GOOD.slice(0, GOOD.indexOf('"bbox"')), 'another COCO object begins in'],
    ['after a number', GOOD.slice(0, GOOD.indexOf('"bbox"') + 9), 'another COCO object begins in'],
    ['in a name', GOOD.slice(0, GOOD.indexOf('a.jpg') + 2), 'another COCO object begins in'],
  ])('a COCO file is refused with the byte of a second COCO object %s', (_what, before, what) => {
    const { type, message } = refusal({ 'c.json': before + GOOD });
    expect(type).toBe('CocoInvalid');
    expect(message).toContain(`c.json is not valid JSON: ${what}`);
    const bytes = `at byte ${before.length} of ${before.length + GOOD.length}`;
    expect(message).toContain(`${bytes}. A program may have added to the file`);
  });
});

describe('a JSON file with several objects that is not COCO', () => {
  const task = '{"id":1,"data":{"image":"a.jpg"},"annotations":[{"result":[]}]}';

  it.each([
    ['JSON Lines of another tool', 'tasks.json', `${task}\n${task}`],
    [
      'detections as a list',
      'coco_instances_results.json',
      '[{"image_id":1,"bbox":[1,2,3,4]},{"image_id":2}]',
    ],
    ['detections that end in the middle', 'coco_instances_results.json', '[{"image_id":1,"bbox":[1,2'],
    ['a list that ends in the middle', 'tasks.json', `[${task},{"annotations":[`],
  ])(
    'a JSON file with several objects that is not COCO is skipped beside a COCO file: %s',
    (_what, path, text) => {
      expect(pathsOf(merge({ [path]: text, 'good.json': GOOD }, ['a.jpg']))).toEqual(['a.jpg']);
    },
  );
});

describe('an archive without a COCO file', () => {
  it.each<[string, Record<string, string>, readonly string[], string]>([
    [
      'a .json.txt file',
      {},
      ['a.jpg', 'annotations.json.txt'],
      'If annotations.json.txt has the annotations, rename',
    ],
    [
      'a .json.gz file',
      {},
      ['a.jpg', 'annotations.json.gz'],
      'If annotations.json.gz has the annotations, unpack',
    ],
    ...['annotations.txt', 'train/instances', 'annotations.coco'].map(
      (path): [string, Record<string, string>, readonly string[], string] => [
        path,
        {},
        ['a.jpg', path],
        `If ${path} has the annotations, rename it so that its name ends in .json.`,
      ],
    ),
  ])('an archive without a COCO file is refused with what to do about %s', (_what, files, paths, message) => {
    const error = refusal(files, paths);
    expect(error.type).toBe('CocoMissing');
    expect(error.message).toContain(message);
  });
});

describe('annotations: null', () => {
  const empty = JSON.stringify({ images: [image(1, 'b.jpg')], annotations: null, categories: CATEGORIES });

  it('annotations: null is read as no annotations', () => {
    const merged = merge({ 'train/c.json': GOOD, 'valid/c.json': empty }, ['train/a.jpg', 'valid/b.jpg']);
    expect(merged.images).toMatchObject([{ annotations: 1 }, { path: 'valid/b.jpg', annotations: 0 }]);
  });
});

describe('image records that cannot be used', () => {
  const read = (more: readonly object[]) =>
    merge({ 'c.json': asText({ images: [image(1, 'a.jpg'), ...more] }) }, ['a.jpg']);

  it.each<[string, readonly object[], string]>([
    ['no id', [{ file_name: 'b.jpg' }], 'image "b.jpg" has no id'],
    ['no file_name', [{ id: 2 }], 'image id 2 has no file_name'],
    [
      'one id',
      [image(2, 'x.jpg'), image(2, 'y.jpg')],
      'image id 2 has several records with different file names',
    ],
  ])('cause a warning if they have %s and no annotation refers to them', (_what, more, what) => {
    const merged = read(more);
    expect(pathsOf(merged)).toEqual(['a.jpg']);
    expect(merged.rejected).toEqual([]);
    expect(merged.findings).toContainEqual(
      expect.objectContaining({
        ...{ code: 'IMAGE_RECORDS_UNUSABLE', count: 1, unit: 'images', examples: [`c.json: ${what}`] },
      }),
    );
  });

  it('image records that cannot be used are refused with the record if an annotation refers to them', () => {
    const text = asText({
      images: [image(1, 'a.jpg'), { id: 2 }],
      annotations: [annotation(1), annotation(2)],
    });
    const error = refusal({ 'c.json': text });
    expect(error).toMatchObject({ type: 'CocoInvalid', details: { record: 'images[1]' } });
  });
});

describe('a dataset whose annotations are all lost', () => {
  const images = [1, 2, 3, 4, 5, 6].map((id) => image(id, `${id}.jpg`));
  const paths = images.map((one) => one.file_name);
  const annotations = [11, 12, 13, 14, 15, 16].map((id) => annotation(id));

  it('a dataset whose annotations are all lost is refused with five ids of each side if no image has the image_ids', () => {
    const error = refusal({ 'c.json': { images, annotations } }, paths);
    expect(error).toMatchObject({ type: 'NoUsableImages', details: { count: 6 } });
    expect(error.message).toBe(
      'None of the 6 annotations can be used: 6 of an unknown image id. In c.json, annotations have an image_id such as 11, 12, 13, 14, 15, but images have an id such as 1, 2, 3, 4, 5. Export images and annotations together.',
    );
  });

  it('a dataset whose annotations are all lost is refused with ids of both sides if no category has the category_ids', () => {
    const unknown = [7, 8].map((id) => annotation(1, { category_id: id }));
    const { message } = refusal(
      { 'c.json': { images, annotations: unknown, categories: CATEGORIES } },
      paths,
    );
    expect(message).toContain('a category_id such as 7, 8, but categories have an id such as 0, 1, 2.');
  });

  it('a dataset whose annotations are all lost is refused for the lack of categories if the file defines none', () => {
    const { message } = refusal(
      { 'c.json': JSON.stringify({ images, annotations: [annotation(1)] }) },
      paths,
    );
    expect(message).toContain('but the file defines no categories. Export it with its categories.');
  });

  it('a dataset whose annotations are all lost is refused with the number of its images, not of its annotations', () => {
    const twice = [...annotations, ...annotations];
    const { details } = refusal({ 'c.json': { images, annotations: twice } }, paths);
    expect(details).toMatchObject({ count: 6 });
  });

  it('a dataset whose annotations are all lost is read if one annotation is left', () => {
    const merged = merge({ 'c.json': { images, annotations: [...annotations, annotation(1)] } }, paths);
    expect(codesOf(merged)).toContain('ANNOTATIONS_WITHOUT_IMAGE');
  });
});
