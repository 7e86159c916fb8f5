import { describe, expect, it } from '@jest/globals';
import { exifFacts, exifFindings } from '../../../src/dataset/boxes/exif-facts.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type { Size } from '../../../src/dataset/model/types.js';
import { curationFactsSchema } from '../../../src/pipeline/files.js';
import { boxOf, curated, type Drawn, drawn, imagesOf } from '../curating/images.js';

const STORED: Size = { width: 400, height: 300 };
const TURNED: Size = { width: 300, height: 400 };
const BOX = boxOf('acne', { x: 0, y: 0, width: 40, height: 30 });

const votesTurned = (name: string, cocoFile: string) =>
  drawn(name, [BOX], { stored: STORED, orientation: 6, coco: TURNED, cocoFile });
const votesStored = (name: string, cocoFile: string) =>
  drawn(name, [BOX], { stored: STORED, orientation: 8, coco: STORED, cocoFile });
const upsideDown = (name: string, cocoFile: string) =>
  drawn(name, [BOX], { stored: STORED, orientation: 3, cocoFile });

const factsOf = (images: readonly Drawn[], exifBoxes: 'auto' | 'turned' | 'stored' = 'auto') =>
  exifFacts(images, { ...DEFAULT_DATASET_SETTINGS, exifBoxes });
const codesOf = (images: readonly Drawn[], exifBoxes: 'auto' | 'stored' = 'auto') =>
  exifFindings(factsOf(images, exifBoxes)).map(({ code, count, examples }) => [code, count, examples]);

describe('EXIF votes', () => {
  it('EXIF votes are counted per COCO file, with the reading that was assumed', () => {
    const images = [
      votesStored('a', 'one.json'),
      votesStored('b', 'one.json'),
      votesTurned('c', 'one.json'),
      upsideDown('d', 'one.json'),
      votesTurned('e', 'two.json'),
      drawn('f', [BOX], { cocoFile: 'upright.json' }),
    ];
    expect(factsOf(images).files).toEqual([
      { cocoFile: 'one.json', turned: 1, stored: 2, undecidable: 1, reading: 'stored' },
      { cocoFile: 'two.json', turned: 1, stored: 0, undecidable: 0, reading: 'turned' },
    ]);
    expect(factsOf(images, 'turned').files.map(({ reading, stored }) => [reading, stored])).toEqual([
      ['turned', 2],
      ['turned', 0],
    ]);
  });

  it('EXIF votes of a split without any are those of the other splits of its export', () => {
    const train = votesStored('a', 'train/_annotations.coco.json');
    const valid = upsideDown('b', 'valid/_annotations.coco.json');
    const other = upsideDown('c', 'other/labels.json');
    expect(factsOf([train, valid, other]).files.map(({ cocoFile, reading }) => [cocoFile, reading])).toEqual([
      ['other/labels.json', 'turned'],
      ['train/_annotations.coco.json', 'stored'],
      ['valid/_annotations.coco.json', 'stored'],
    ]);
    const divided = votesTurned('d', 'test/_annotations.coco.json');
    expect(factsOf([train, valid, divided]).files.map(({ reading }) => reading)).toEqual([
      'turned',
      'stored',
      'turned',
    ]);
  });

  it('EXIF votes are absent if EXIF rotates no image', () => {
    expect(factsOf([drawn('a', [BOX])])).toEqual({ setting: 'auto', files: [], undecidable: [] });
  });
});

describe('images with ambiguous boxes', () => {
  it('images with ambiguous boxes have their boxes in both readings, on the upright image', () => {
    expect(factsOf([upsideDown('d.jpg', 'c.json')]).undecidable).toEqual([
      {
        path: 'd.jpg',
        cocoFile: 'c.json',
        key: 'datasets/d/preprocessed/d.jpg',
        orientation: 3,
        size: STORED,
        reading: 'turned',
        turned: [{ label: 'acne', left: 0, top: 0, width: 40, height: 30 }],
        stored: [{ label: 'acne', left: 360, top: 270, width: 40, height: 30 }],
      },
    ]);
  });

  it('images with ambiguous boxes are listed up to six, those without votes first', () => {
    const decided = [
      votesStored('v', 'decided.json'),
      ...['1', '2', '3'].map((n) => upsideDown(n, 'decided.json')),
    ];
    const ambiguous = ['7', '6', '5', '4'].map((n) => upsideDown(n, 'ambiguous.json'));
    expect(
      factsOf([...decided, ...ambiguous]).undecidable.map(({ path, reading }) => [path, reading]),
    ).toEqual([
      ['4', 'turned'],
      ['5', 'turned'],
      ['6', 'turned'],
      ['7', 'turned'],
      ['1', 'stored'],
      ['2', 'stored'],
    ]);
  });

  it('images with ambiguous boxes are counted only if they have boxes', () => {
    const empty = drawn('a', [], { stored: STORED, orientation: 3 });
    expect(factsOf([empty]).files).toMatchObject([{ undecidable: 0 }]);
  });
});

describe('EXIF findings', () => {
  it('EXIF findings report COCO files whose sizes do not show the reading', () => {
    expect(codesOf([upsideDown('a', 'c.json'), upsideDown('b', 'c.json')])).toEqual([
      ['EXIF_BOXES_AMBIGUOUS', 2, ['a', 'b']],
    ]);
    expect(codesOf([upsideDown('a', 'c.json'), votesStored('b', 'c.json')])).toEqual([]);
  });

  it('EXIF findings report COCO files whose images contradict each other', () => {
    const images = [votesTurned('a', 'c.json'), votesStored('b', 'c.json'), votesStored('d', 'c.json')];
    expect(codesOf(images)).toEqual([['EXIF_BOXES_DIVIDED', 1, ['c.json: 1 rotated, 2 stored']]]);
  });

  it('EXIF findings report images without a vote in COCO files whose images contradict each other', () => {
    const stored = ['b', 'd', 'e'].map((name) => votesStored(name, 'c.json'));
    const square = { width: 300, height: 300 };
    const images = [
      ...[votesTurned('a', 'c.json'), ...stored],
      drawn('square', [BOX], { stored: square, orientation: 6, cocoFile: 'c.json' }),
    ];
    const [ambiguous] = exifFindings(factsOf(images));
    expect(ambiguous).toMatchObject({ code: 'EXIF_BOXES_AMBIGUOUS', count: 1, examples: ['square'] });
    expect(ambiguous?.message).toContain('; stored was assumed.');
    expect(ambiguous?.message).not.toContain('EXIF_BOXES');
  });

  it('EXIF findings are absent if EXIF_BOXES decides the reading', () => {
    expect(codesOf([upsideDown('a', 'c.json'), votesTurned('b', 'c.json')], 'stored')).toEqual([]);
  });
});

it('the facts of a curation match the schema that later stages check', () => {
  const images = [...imagesOf('acne', 60), upsideDown('x.jpg', 'c.json')];
  const { train: _train, val: _val, manifests: _manifests, boxed: _boxed, ...facts } = curated(images);
  expect(curationFactsSchema.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
  expect(facts.findings).toContainEqual(expect.objectContaining({ code: 'EXIF_BOXES_AMBIGUOUS' }));
});
