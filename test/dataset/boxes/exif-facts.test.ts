import { describe, expect, it } from '@jest/globals';
import { exifFacts, exifFindings } from '../../../src/dataset/boxes/exif-facts.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type { Size } from '../../../src/dataset/model/types.js';
import { curationFactsSchema } from '../../../src/pipeline/files.js';
import { boxOf, curated, type Drawn, drawn, imagesOf } from '../curating/images.js';

const STORED: Size = { width: 400, height: 300 };
const TURNED: Size = { width: 300, height: 400 };
const BOX = boxOf('acne', { x: 0, y: 0, width: 40, height: 30 });

const saysTurned = (name: string, cocoFile: string) =>
  drawn(name, [BOX], { stored: STORED, orientation: 6, coco: TURNED, cocoFile });
const saysStored = (name: string, cocoFile: string) =>
  drawn(name, [BOX], { stored: STORED, orientation: 8, coco: STORED, cocoFile });
const upsideDown = (name: string, cocoFile: string) =>
  drawn(name, [BOX], { stored: STORED, orientation: 3, cocoFile });

const factsOf = (images: readonly Drawn[], exifBoxes: 'auto' | 'turned' | 'stored' = 'auto') =>
  exifFacts(images, { ...DEFAULT_DATASET_SETTINGS, exifBoxes });
const codesOf = (images: readonly Drawn[], exifBoxes: 'auto' | 'stored' = 'auto') =>
  exifFindings(factsOf(images, exifBoxes)).map(({ code, count, examples }) => [code, count, examples]);

describe('the votes', () => {
  it('are given by COCO file, with the reading that was taken', () => {
    const images = [
      saysStored('a', 'one.json'),
      saysStored('b', 'one.json'),
      saysTurned('c', 'one.json'),
      upsideDown('d', 'one.json'),
      saysTurned('e', 'two.json'),
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

  it('are none where EXIF turns nothing', () => {
    expect(factsOf([drawn('a', [BOX])])).toEqual({ setting: 'auto', files: [], undecidable: [] });
  });
});

describe('images that cannot be told', () => {
  it('have their boxes in both readings, on the upright picture', () => {
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

  it('are at most six, those first for which no vote speaks', () => {
    const told = [saysStored('v', 'told.json'), ...['1', '2', '3'].map((n) => upsideDown(n, 'told.json'))];
    const untold = ['7', '6', '5', '4'].map((n) => upsideDown(n, 'untold.json'));
    expect(factsOf([...told, ...untold]).undecidable.map(({ path, reading }) => [path, reading])).toEqual([
      ['4', 'turned'],
      ['5', 'turned'],
      ['6', 'turned'],
      ['7', 'turned'],
      ['1', 'stored'],
      ['2', 'stored'],
    ]);
  });

  it('count only with boxes, for nothing depends on the others', () => {
    const empty = drawn('a', [], { stored: STORED, orientation: 3 });
    expect(factsOf([empty]).files).toMatchObject([{ undecidable: 0 }]);
  });
});

describe('a person is warned', () => {
  it('where nothing tells the reading', () => {
    expect(codesOf([upsideDown('a', 'c.json'), upsideDown('b', 'c.json')])).toEqual([
      ['EXIF_BOXES_UNTOLD', 2, ['a', 'b']],
    ]);
    expect(codesOf([upsideDown('a', 'c.json'), saysStored('b', 'c.json')])).toEqual([]);
  });

  it('where the images of one COCO file contradict each other', () => {
    const images = [saysTurned('a', 'c.json'), saysStored('b', 'c.json'), saysStored('d', 'c.json')];
    expect(codesOf(images)).toEqual([['EXIF_BOXES_DIVIDED', 1, ['c.json: 1 turned, 2 stored']]]);
  });

  it('no more once EXIF_BOXES says which it is', () => {
    expect(codesOf([upsideDown('a', 'c.json'), saysTurned('b', 'c.json')], 'stored')).toEqual([]);
  });
});

it('the facts of a curation have the schema that stages check', () => {
  const images = [...imagesOf('acne', 60), upsideDown('x.jpg', 'c.json')];
  const { train: _train, val: _val, boxed: _boxed, ...facts } = curated(images);
  expect(curationFactsSchema.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
  expect(facts.findings).toContainEqual(expect.objectContaining({ code: 'EXIF_BOXES_UNTOLD' }));
});
