import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, codesOf, image, merge, refusal } from './coco-export.js';

describe('categories', () => {
  it('categories are identified by name: one name under two ids is one class, a super-category without annotations is not a class', () => {
    const categories = [...CATEGORIES, { id: 9, name: 'nodule' }];
    const images = [image(1, 'a.jpg'), image(2, 'b.jpg')];
    const annotations = [annotation(1), annotation(2, { category_id: 9 })];
    const merged = merge({ 'c.json': { images, annotations, categories } }, ['a.jpg', 'b.jpg']);
    expect(merged.labels).toEqual(['nodule']);
  });

  it('categories that differ only in case or spacing cause a warning', () => {
    const categories = [
      { id: 1, name: 'White Head' },
      { id: 2, name: 'white_head' },
    ];
    const annotations = [annotation(1), annotation(1, { category_id: 2, bbox: [5, 5, 9, 9] })];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations, categories } }, ['a.jpg']);
    expect(merged.findings).toMatchObject([{ code: 'LABELS_ALIKE', examples: ['White Head / white_head'] }]);
  });

  const findingsOf = (names: readonly string[]) => {
    const categories = names.map((name, id) => ({ id, name }));
    const annotations = names.map((_, id) => annotation(1, { category_id: id, bbox: [id, 5, 9, 9] }));
    return merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations, categories } }, ['a.jpg']).findings;
  };

  it('categories cause a warning with the likely name if it was misread', () => {
    const names = ['SchlÃ¼ssel', 'Schraube &amp; Mutter', 'rot%20blau', 'Schl\ufffdssel', 'â‚¬ &#39;'];
    expect(findingsOf(names)).toMatchObject([
      {
        code: 'LABELS_MISREAD',
        count: 5,
        unit: 'classes',
        examples: [
          'SchlÃ¼ssel (Schlüssel)',
          'Schl\ufffdssel (a letter is lost)',
          'Schraube &amp; Mutter (Schraube & Mutter)',
          'rot%20blau (rot blau)',
          "â‚¬ &#39; (€ ')",
        ],
      },
    ]);
  });

  it('categories in any script, with signs and shares cause no warning about misread letters', () => {
    expect(
      findingsOf(['Schlüssel', 'É', 'Ã', '50% off', 'R&D', 'AT&T;', 'รอยแตก', 'трещина', '45°', '5%zz']),
    ).toEqual([]);
  });

  it.each([
    ['before it', '\r\nnodule'],
    ['after it', 'nodule\n'],
    ['after it and a space', 'nodule \r\n'],
  ])('categories whose name has a line break %s are read without it', (_where, name) => {
    const by = (id: number, named: string) => ({
      ...{ images: [image(1, `${id}.jpg`)], annotations: [annotation(1, { category_id: id })] },
      categories: [{ id, name: named }],
    });
    const files = { '1.json': by(1, name), '2.json': by(2, 'nodule') };
    expect(merge(files, ['1.jpg', '2.jpg']).labels).toEqual(['nodule']);
    const named = { ...by(1, name), annotations: [annotation(1, { category_id: name })] };
    expect(merge({ 'c.json': named }, ['1.jpg']).labels).toEqual(['nodule']);
    const bare = JSON.stringify({ ...by(1, name), categories: [name] });
    expect(merge({ 'c.json': bare }, ['1.jpg']).labels).toEqual(['nodule']);
  });

  it.each([
    ['a name of 256 characters', 'x'.repeat(256), /256 characters/],
    ['no name', '', /no usable name/],
    ['a name of two lines', 'a\nb', /no usable name, since there is a line break in it/],
  ])('categories with %s are refused with the record', (_what, name, message) => {
    const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories: [{ id: 1, name }] };
    const error = refusal({ 'c.json': coco });
    expect(error.type).toBe('CocoInvalid');
    expect(error.message).toMatch(message);
    expect(error.details).toMatchObject({ file: 'c.json', record: 'categories[0]' });
  });
});

describe('a category_id', () => {
  const labelsOf = (more: object) => {
    const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1, more)], categories: CATEGORIES };
    return merge({ 'c.json': coco }, ['a.jpg']).labels;
  };

  it('a category_id may be the name of the category, also under category_name', () => {
    expect(labelsOf({ category_id: 'pustule' })).toEqual(['pustule']);
    expect(labelsOf({ category_id: undefined, category_name: 'pustule' })).toEqual(['pustule']);
  });
});

describe('categories that no annotation uses', () => {
  it.each<[string, object]>([
    ['no name', { id: 9, name: null }],
    ['a name of two lines', { id: 9, name: 'a\nb' }],
    ['a name of 256 characters', { id: 9, name: 'x'.repeat(256) }],
    ['an id that another unused category has too', { id: 2, name: 'other' }],
  ])('categories that no annotation uses are ignored if they have %s', (_what, odd) => {
    const categories = [{ id: 1, name: 'nodule' }, { id: 2, name: 'pustule' }, odd];
    const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories };
    expect(merge({ 'c.json': coco }, ['a.jpg']).labels).toEqual(['nodule']);
  });

  it('cause a warning if they have no id', () => {
    const categories = [
      { id: 1, name: 'nodule' },
      { name: 'pustule' },
      { id: null, name: 'wart' },
      'cyst',
      null,
    ];
    const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories };
    const merged = merge({ 'c.json': JSON.stringify(coco) }, ['a.jpg']);
    expect(merged.labels).toEqual(['nodule']);
    expect(merged.findings).toContainEqual(
      expect.objectContaining({
        ...{ code: 'CATEGORIES_WITHOUT_ID', count: 4, unit: 'classes' },
        examples: ['c.json: "cyst"', 'c.json: "pustule"', 'c.json: "wart"', 'c.json: missing'],
      }),
    );
  });

  it('categories without an id are used by name', () => {
    const categories = [{ id: 1, name: 'nodule' }, { name: 'pustule' }];
    const annotations = [annotation(1, { category_id: 'pustule' })];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations, categories } }, ['a.jpg']);
    expect(merged.labels).toEqual(['pustule']);
  });
});

describe('categories that are bare names', () => {
  const NAMES = ['bolt', 'nut', 'gear'];
  const withIds = (ids: readonly unknown[], categories: readonly string[] = NAMES) => {
    const annotations = ids.map((id, i) => annotation(1, { category_id: id, bbox: [i, i, 9, 9] }));
    return { 'c.json': JSON.stringify({ images: [image(1, 'a.jpg')], annotations, categories }) };
  };
  const labelsOf = (ids: readonly unknown[]) => {
    const merged = merge(withIds(ids), ['a.jpg']);
    return { labels: merged.images[0]?.boxes.map(({ label }) => label), findings: merged.findings };
  };

  it.each<[string, readonly unknown[], readonly string[], readonly string[]]>([
    [
      '1 if the number of names is used',
      [1, '3', [2]],
      ['bolt', 'gear', 'nut'],
      ['1 = bolt', '2 = nut', '3 = gear'],
    ],
    ['0 if 0 is used', [0, 1], ['bolt', 'nut'], ['0 = bolt', '1 = nut', '2 = gear']],
  ])('categories that are bare names have ids from %s, with a finding', (_what, ids, labels, examples) => {
    const read = labelsOf(ids);
    expect(read.labels).toEqual(labels);
    expect(read.findings).toContainEqual(
      expect.objectContaining({
        ...{ code: 'CATEGORIES_NUMBERED', count: 3, unit: 'classes' },
        examples: examples.map((one) => `c.json: ${one}`),
      }),
    );
  });

  it.each<[string, readonly unknown[], string]>([
    [
      'if both numberings fit',
      [1, 2],
      '(1 to 2) fit ids from 0 to 2, where 2 means "gear", and ids from 1 to 3, where 2 means "nut"',
    ],
    ['if no numbering fits', [0, 3], '(0 to 3) fit neither ids from 0 to 2 nor ids from 1 to 3'],
    ['if an id is beyond the names', [1, 4], '(1 to 4) fit neither'],
  ])('categories that are bare names are refused with both numberings %s', (_what, ids, message) => {
    const error = refusal(withIds(ids));
    expect(error.type).toBe('CocoInvalid');
    expect(error.message).toContain(message);
  });

  it('need no ids if annotations use the names', () => {
    const merged = merge(withIds(['nut', 'bolt']), ['a.jpg']);
    expect(merged.labels).toEqual(['bolt', 'nut']);
    expect(codesOf(merged)).toEqual(['LABELS_EMPTY']);
  });
});

describe('a COCO file with another structure', () => {
  const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories: CATEGORIES };
  const asText = (more: object) => JSON.stringify({ ...coco, ...more });

  it.each<[string, object]>([
    ['categories as an object of names', { categories: { 1: 'nodule', 2: 'pustule' } }],
    ['categories as an object of records', { categories: { 1: { name: 'nodule', color: 'red' } } }],
    [
      'annotations as an object',
      { annotations: { 7: annotation(1), 8: annotation(1, { bbox: [5, 5, 9, 9] }) } },
    ],
    ['images as an object', { images: { 1: { file_name: 'a.jpg', width: 100, height: 80 } } }],
  ])('a COCO file with another structure is read with %s by id', (_what, more) => {
    const merged = merge({ 'c.json': asText(more) }, ['a.jpg']);
    expect(merged.labels).toEqual(['nodule']);
    expect(merged.images[0]?.boxes[0]).toMatchObject({ label: 'nodule' });
  });
});
