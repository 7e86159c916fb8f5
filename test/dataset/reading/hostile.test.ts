import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import { annotation, CATEGORIES, image, merge, refusal } from './coco-export.js';

const GOOD = JSON.stringify({
  images: [image(1, 'a.jpg')],
  annotations: [annotation(1)],
  categories: CATEGORIES,
});

describe('a COCO file', () => {
  it('a COCO file is read with a byte order mark and trailing line breaks', () => {
    expect(merge({ 'c.json': `\ufeff${GOOD}\r\n\n` }, ['a.jpg']).images).toHaveLength(1);
  });

  it('a COCO file is read with its lists in any order and with unknown keys', () => {
    const text = `{"annotations":[${JSON.stringify(annotation(1))}],"x":{"images":[[1,{"}":"]"}]]},"categories":${JSON.stringify(CATEGORIES)},"images":[${JSON.stringify(image(1, 'a.jpg'))}],"y":"\\"{"}`;
    expect(merge({ 'c.json': text }, ['a.jpg']).images).toMatchObject([{ boxes: [{ label: 'nodule' }] }]);
  });

  it('a COCO file is read with keys such as __proto__, which change nothing', () => {
    const text = GOOD.replace('"bbox":', '"__proto__":{"iscrowd":1},"constructor":1,"bbox":');
    expect(merge({ 'c.json': text }, ['a.jpg']).annotations).toEqual({ found: 1, dropped: {} });
    expect(({} as Record<string, unknown>).iscrowd).toBeUndefined();
  });

  it("a COCO file is read with Python's NaN beside long strings", () => {
    const text = JSON.stringify({
      images: [image(1, 'a.jpg')],
      annotations: [annotation(1, { note: `NaN \\" ${'x'.repeat(5_000_000)}` })],
      categories: CATEGORIES,
    }).replace('"iscrowd":0', '"area":NaN,"score":-Infinity');
    expect(merge({ 'c.json': text }, ['a.jpg']).annotations).toEqual({ found: 1, dropped: {} });
  });

  it.each<[string, string, RegExp]>([
    [
      'with a second list of images',
      GOOD.replace('{"images"', '{"images":[],"images"'),
      /has the list images twice/,
    ],
    ['with content after its end', `${GOOD}{}`, /another object follows its end, at byte \d+ of \d+/],
    [
      'with an extra comma',
      GOOD.replace('}],"annotations"', '},],"annotations"'),
      /a comma before a closing bracket, at byte \d+ of \d+/,
    ],
    [
      'with an unterminated string',
      `{"images":["${'\\"'.repeat(9)}`,
      /ends in the middle of a text, at byte 30 of 30/,
    ],
    [
      'with a bare word as a number',
      GOOD.replace('"image_id":1', '"image_id":one'),
      /one.* is not JSON, at byte/,
    ],
    [
      'with an image without id',
      GOOD.replace('"id":1,"file_name"', '"id":null,"file_name"'),
      /images\[0\] has no id/,
    ],
    ['with an image without file_name', GOOD.replace('"a.jpg"', 'null'), /images\[0\] has no file_name/],
    [
      'with categories without ids only',
      GOOD.replaceAll(/"id":\d,"name"/g, '"id":"","name"'),
      /categories\[0\] has no id/,
    ],
    [
      'with two categories under one id',
      GOOD.replace('"id":2', '"id":1'),
      /"pustule"\) has the id 1, which "nodule" has too/,
    ],
  ])('%s is refused with its path and the position', (_what, text, message) => {
    const error = refusal({ 'train/c.json': text });
    expect(error.type).toBe('CocoInvalid');
    expect(error.message).toMatch(message);
    expect(error.details.file).toBe('train/c.json');
  });

  it('a COCO file that is empty is refused if its name is that of an export, since its images would be lost', () => {
    const error = refusal({ 'good.json': GOOD, 'train/_annotations.coco.json': '' });
    expect(error.message).toMatch(/train\/_annotations\.coco\.json is not valid JSON: it is empty/);
  });

  it('a COCO file that is truncated at any byte is refused, never read as a smaller file', () => {
    for (let length = 10; length < GOOD.length; length++) {
      expect(refusal({ 'c.json': GOOD.slice(0, length) }).type).toBe('CocoInvalid');
    }
  });
});

describe('a .json file that is not COCO', () => {
  it.each([
    ['settings with comments', '{ // paths\n "a": 1 }'],
    ['JSON lines', '{"a":1}\n{"b":2}\n'],
    ['no content', ''],
    ['plain text', 'annotations'],
    ['a list of results', '[{"image_id":1,"bbox":[1,2,3,4]}]'],
    ['images without annotations', '{"images":["x.jpg"],"categories":[{}]}'],
    ['images that are not a list', '{"images":{},"annotations":[]}'],
  ])('a .json file that is not COCO is skipped if it has %s', (_what, text) => {
    expect(merge({ 'other.json': text, 'c.json': GOOD }, ['a.jpg']).images).toHaveLength(1);
    const error = refusal({ 'other.json': text });
    expect(error.type).toBe('CocoMissing');
    expect(error.message).toMatch(/other\.json/);
  });
});

describe('arbitrary content', () => {
  const outcome = (text: string) => {
    try {
      const merged = merge({ 'c.json': text }, ['a.jpg', 'b/a.jpg']);
      const { found, dropped } = merged.annotations;
      const kept = merged.images.flatMap(({ boxes }) => boxes);
      expect(found).toBe(kept.length + Object.values(dropped).reduce((sum, n) => sum + n, 0));
      for (const { x, y, width, height } of kept) {
        expect(Number.isFinite(x + y + width + height) && width > 0 && height > 0).toBe(true);
      }
    } catch (error) {
      expect(error).toBeInstanceOf(DatasetError);
    }
  };

  it('arbitrary content is read or refused with a typed error: one byte changed', () => {
    fc.assert(
      fc.property(fc.nat(GOOD.length - 1), fc.constantFrom(...'{}[]",:\\0N-e \u0000é'), (at, character) => {
        outcome(GOOD.slice(0, at) + character + GOOD.slice(at + 1));
      }),
      { numRuns: 500 },
    );
  });

  it('arbitrary content is read or refused with a typed error: records with any values', () => {
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(
        '1',
        1,
        0,
        '',
        null,
        -1,
        1e308,
        'a.jpg',
        '../a.jpg',
        '/a.jpg',
        'a.jpg/',
        '[1,2,3,4]',
      ),
      fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom<unknown>('5', null, [])), {
        maxLength: 6,
      }),
    );
    const mask = fc.record({
      size: fc.array(fc.integer({ min: -1, max: 50 }), { maxLength: 3 }),
      counts: fc.oneof(fc.array(fc.integer({ min: -1, max: 99 })), fc.string()),
    });
    const list = fc.array(
      fc.record(
        {
          id: odd,
          file_name: odd,
          name: odd,
          image_id: odd,
          category_id: odd,
          bbox: odd,
          segmentation: fc.oneof(
            odd,
            mask,
            fc.array(fc.array(fc.double(), { maxLength: 9 }), { maxLength: 3 }),
          ),
          iscrowd: odd,
          width: odd,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    );
    const sound = fc.record({
      images: fc.constant([image(1, 'a.jpg')]),
      annotations: list,
      categories: fc.constant(CATEGORIES),
    });
    const any = fc.record({ images: list, annotations: list, categories: list });
    fc.assert(
      fc.property(fc.oneof(sound, any), fc.boolean(), (value, linked) => {
        const annotations = linked
          ? value.annotations.map((one) => ({ ...one, image_id: 1, category_id: 1 }))
          : value.annotations;
        outcome(JSON.stringify({ ...value, annotations }));
      }),
      { numRuns: 500 },
    );
  });

  it('arbitrary content is read or refused with a typed error: any JSON, any text', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), outcome), { numRuns: 200 });
  });
});
