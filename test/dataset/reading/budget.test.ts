import { describe, expect, it } from '@jest/globals';
import { ReadingBudget } from '../../../src/dataset/reading/budget.js';
import { readCocoFile } from '../../../src/dataset/reading/coco.js';
import { type JsonFile, jsonInMemory } from '../../../src/dataset/reading/json-file.js';
import { mergeCoco } from '../../../src/dataset/reading/merge.js';
import { refusalOf } from '../../support/refusal.js';
import { finish } from '../../support/steps.js';
import { annotation, CATEGORIES, entry, image, merge, refusal } from './coco-export.js';

const list = (record: object | string | number, count: number) =>
  `[${`${JSON.stringify(record)},`.repeat(count)}${JSON.stringify(record)}]`;

/** A COCO file of one image and one box, with other members in place of its own. */
function coco(members: Readonly<Record<string, string>>): string {
  const own = {
    images: JSON.stringify([image(1, 'a.jpg')]),
    categories: JSON.stringify(CATEGORIES),
    annotations: JSON.stringify([annotation(1)]),
  };
  const all = Object.entries({ ...own, ...members });
  return `{${all.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
}

const inRecord = (member: string) =>
  coco({ annotations: `[${JSON.stringify(annotation(1)).slice(0, -1)},${member}}]` });

/** The budget of an archive whose other COCO files have all but one of the allowed records. */
function almostSpent(): ReadingBudget {
  const budget = new ReadingBudget();
  for (let i = 1; i < 1_000_000; i++) budget.addImage('other.json');
  budget.startPass();
  for (let i = 1; i < 5_000_000; i++) budget.addAnnotation('other.json');
  budget.endFile();
  return budget;
}

const readInto = (budget: ReadingBudget, text: string) =>
  finish(readCocoFile(jsonInMemory('c.json', Buffer.from(text)), { keepCrowd: false }, budget));

/** A COCO file that breaks off after twelve million annotations. */
const brokenOff: JsonFile = {
  path: 'c.json',
  open: () => {
    const piece = Buffer.from(',{}'.repeat(100_000));
    const pieces = [Buffer.from('{"annotations":[{}'), ...Array<Buffer>(120).fill(piece)];
    return { next: () => pieces.shift(), close: () => undefined };
  },
};

describe('records beyond what can be used', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'categories',
      coco({ categories: list({ id: 1, name: 'bolt' }, 100_000) }),
      'ArchiveUnsafe',
      /more than 100000 categories/,
    ],
    [
      'boxes on one image',
      coco({ annotations: list(annotation(1), 50_000) }),
      'ArchiveUnsafe',
      /^c\.json: image id 1 has more than 50000 boxes, the maximum per image/,
    ],
    [
      'boxes on few images',
      coco({
        images: JSON.stringify(Array.from({ length: 10 }, (_, id) => image(id, `${id}.jpg`))),
        annotations: JSON.stringify(
          Array.from({ length: 200_001 }, (_, i) => ({ ...annotation(i % 10), id: i })),
        ),
      }),
      'ArchiveUnsafe',
      /^c\.json has more than 200000 boxes on 10 images, the maximum for so few/,
    ],
    [
      'points in a polygon',
      inRecord(`"segmentation":[${list(1, 2_000_000)}]`),
      'CocoInvalid',
      / exceeds a limit: a record has more than 2000000 values, at byte \d+ of \d+/,
    ],
    [
      'numbers in a bbox',
      inRecord(`"extra":${list(1, 2_000_000)}`),
      'CocoInvalid',
      /more than 2000000 values/,
    ],
    [
      'characters in a text of a record',
      inRecord(`"note":"${'x'.repeat(33 * 1024 * 1024)}"`),
      'CocoInvalid',
      / exceeds a limit: a record is larger than 32 MB/,
    ],
    [
      'characters in the name of a member',
      coco({ ['k'.repeat(33 * 1024 * 1024)]: '1' }),
      'CocoInvalid',
      / exceeds a limit: a record is larger than 32 MB/,
    ],
    [
      'levels in a record',
      inRecord(`"note":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
      'CocoInvalid',
      /nests more than 64 levels/,
    ],
    [
      'levels in another member',
      coco({ other: '['.repeat(100_000) + ']'.repeat(100_000) }),
      'CocoInvalid',
      /nests more than 64 levels/,
    ],
    [
      'members at the top level',
      coco(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`x${i}`, '1']))),
      'CocoInvalid',
      /top level has more than 100000 members/,
    ],
  ])('refuses a COCO file with too many %s', (_what, text, type, message) => {
    const error = refusal({ 'c.json': text });
    expect(error.type).toBe(type);
    expect(error.message).toMatch(message);
    expect(error.details.file).toBe('c.json');
  });

  it.each<[string, string, RegExp]>([
    [
      'empty image records',
      coco({ images: list({}, 1) }),
      /^c\.json: the COCO files of the archive have more than 1000000 image records, the maximum/,
    ],
    ['numbers in place of image records', coco({ images: list(0, 1) }), /more than 1000000 image records/],
    [
      'annotations of no image',
      coco({ annotations: list({ image_id: 9 }, 1) }),
      /^c\.json: the COCO files of the archive have more than 5000000 annotations, the maximum/,
    ],
  ])('refuses a COCO file whose %s exceed what the other COCO files leave', (_what, text, message) => {
    expect(readInto(almostSpent(), coco({}))).toMatchObject({ path: 'c.json' });
    const error = refusalOf(() => readInto(almostSpent(), text));
    expect(error.type).toBe('ArchiveUnsafe');
    expect(error.message).toMatch(message);
    expect(error.details.file).toBe('c.json');
  });

  it('refuses a COCO file with far too many annotations before it is read to its end', () => {
    const error = refusalOf(() => finish(mergeCoco([brokenOff], [entry('a.jpg')], { keepCrowd: false })));
    expect(error.message).toMatch(/more than 5000000 annotations/);
  });

  it('counts the records of all COCO files together', () => {
    const half = coco({ images: list({}, 600_000), annotations: '[]' });
    expect(refusal({ 'a.json': half, 'b.json': half }).message).toMatch(/more than 1000000 image records/);
  });

  it('reads 100,000 unusable image records beside a usable one, and reports ten of them', () => {
    const images = `[${JSON.stringify(image(1, 'a.jpg'))},${list({}, 99_999).slice(1)}`;
    const merged = merge({ 'c.json': coco({ images }) }, ['a.jpg']);
    expect(merged.images).toHaveLength(1);
    const finding = merged.findings.find(({ code }) => code === 'IMAGE_RECORDS_UNUSABLE');
    expect(finding).toMatchObject({ count: 100_000 });
    expect(finding?.examples).toHaveLength(10);
  });

  it.each([
    ['a member with a long text', coco({ other: `"${'\\n'.repeat(20_000_000)}"` })],
    ['a member with many values', coco({ other: list({}, 3_000_000) })],
    ['millions of fields in info', coco({ info: `{"x":1${',"x":1'.repeat(2_000_000)}}` })],
    ['a long exponent', inRecord(`"area":1e${'9'.repeat(1_000_000)}`)],
    ['a number of a million digits', inRecord(`"area":${'9'.repeat(1_000_000)}`)],
    [
      'escapes beside a large number',
      inRecord(`"area":12345678901234567890,"x":"${'\\n'.repeat(4_000_000)}"`),
    ],
    ['escapes beside NaN', inRecord(`"area":NaN,"x":"${'\\n'.repeat(4_000_000)}"`)],
    ['spaces', `${' '.repeat(20_000_000)}${coco({})}${' '.repeat(20_000_000)}`.trimStart()],
  ])('reads a COCO file with %s', (_what, text) => {
    expect(merge({ 'c.json': text }, ['a.jpg']).annotations).toEqual({ found: 1, dropped: {} });
  });
});
