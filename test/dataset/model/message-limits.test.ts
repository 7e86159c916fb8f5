import { describe, expect, it } from '@jest/globals';
import { qualityOf } from '../../../src/dataset/curating/quality.js';
import { CurationRefusal } from '../../../src/dataset/curating/refusals.js';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import type { DatasetFinding } from '../../../src/dataset/model/findings.js';
import { distrustOf, reasonsText } from '../../../src/dataset/model/quality.js';
import { boxOf, curated, type Drawn, drawn, imagesOf, SMALL } from '../curating/images.js';
import { annotation, type Coco, image, merge } from '../reading/coco-export.js';

const MAX_CHARACTERS = 300;

const NAMES: Readonly<Record<string, string>> = {
  '1,000 characters': `${'x'.repeat(500)}-${'y'.repeat(499)}`,
  '60 Chinese characters': '训练数据集标注文件夹'.repeat(6),
  '1,000 characters with spaces and ends of sentences': 'A folder. With spaces '.repeat(45),
  'line breaks': 'a\nfolder\r\nof images',
};

/** COCO files by path, and the files of the archive. */
type Archive = readonly [files: Readonly<Record<string, Coco>>, paths: readonly string[]];
type Case = (name: string) => Archive;

const MANY = Array.from({ length: 30 }, (_, i) => i);
const one = (name: string, more: object, images: readonly object[] = [image(1, 'a.jpg')]): Archive => [
  { [`${name}/c.json`]: { images, annotations: [annotation(1, more)] } },
  [`${name}/a.jpg`],
];

/** An export of 30 images with one class each, whose names have `name` in them. */
function many(
  name: string,
  labelOf: (i: number) => object,
  recordOf: (i: number) => object = () => ({}),
): Archive {
  const coco = {
    images: MANY.map((i) => ({ ...image(i, `${name}${i}.jpg`), ...recordOf(i) })),
    annotations: MANY.map((i) => annotation(i, { category_id: i, ...labelOf(i) })),
    categories: MANY.map((i) => ({ id: i, name: `${name.slice(0, 200)}${i}` })),
  };
  return [{ [`${name}/c.json`]: coco }, MANY.map((i) => `${name}/${name}${i}.jpg`)];
}

const square = [[10, 10, 60, 10, 60, 60, 10, 60]];

const CASES: Readonly<Record<string, Case>> = {
  'no images': (name) => [{ [`${name}/c.json`]: { images: [], annotations: [] } }, []],
  'images that are not in the archive': (name) => [many(name, () => ({}))[0], [`${name}/other.jpg`]],
  'some images that are not in the archive': (name) => {
    const [files, paths] = many(name, () => ({}));
    return [files, paths.slice(0, 28)];
  },
  'image_ids without an image': (name) => many(name, (i) => ({ image_id: i % 2 ? `no ${name}` : i })),
  'image_ids of no image': (name) => many(name, (i) => ({ image_id: `no ${name}${i}` })),
  'category_ids without a category': (name) => many(name, (i) => ({ category_id: i % 2 ? `no ${name}` : i })),
  'a bbox that is text': (name) => many(name, (i) => ({ bbox: i % 2 ? name : [1, 2, 30, 40] })),
  'boxes without area': (name) => many(name, (i) => ({ bbox: [i, 1, 0, i % 2 ? 0 : 4] })),
  'boxes beside other polygons': (name) => many(name, () => ({ bbox: [70, 60, 9, 9], segmentation: square })),
  'corners beside polygons': (name) =>
    many(name, (i) => ({ bbox: [10, 10, 60, 60], ...(i % 2 ? { segmentation: square } : {}) })),
  'a declared format that is not known': (name) => many(name, () => ({ bbox_format: name })),
  'a declared format that boxes contradict': (name) =>
    many(name, (i) => ({ bbox_format: 'xyxy', bbox: [50 + i / 2, 40, 20, 10] })),
  'several records of one image': (name) =>
    many(
      name,
      () => ({}),
      () => ({ file_name: `${name}1.jpg` }),
    ),
  'two images with one id': (name) => one(name, {}, [image(1, 'a.jpg'), image(1, `${name}.jpg`)]),
  'an image record without a file name': (name) => one(name, {}, [{ id: 1, [name]: 'a.jpg' }]),
  'a category without a name': (name) => [
    {
      [`${name}/c.json`]: {
        ...one(name, {})[0][`${name}/c.json`],
        categories: [{ id: 1, [name]: 3 }],
      } as Coco,
    },
    [`${name}/a.jpg`],
  ],
  'a category name that is too long': (name) => [
    {
      [`${name}/c.json`]: {
        ...one(name, {})[0][`${name}/c.json`],
        categories: [{ id: 1, name: name.repeat(9) }],
      } as Coco,
    },
    [`${name}/a.jpg`],
  ],
  'COCO files that contradict each other': (name) => [
    {
      [`${name}/c.json`]: many(name, () => ({}))[0][`${name}/c.json`] as Coco,
      [`${name}/${name}.json`]: many(name, () => ({ bbox: [40, 30, 20, 20] }))[0][`${name}/c.json`] as Coco,
    },
    many(name, () => ({}))[1],
  ],
  'files of the same name': (name) => [one(name, {})[0], [`${name}/1/a.jpg`, `${name}/2/a.jpg`]],
  'images without a record': (name) => {
    const [files, paths] = many(name, () => ({}));
    return [files, [...paths, ...paths.map((path) => `more/${path}`)]];
  },
};

/** Everything that reading the archive says. */
function texts([files, paths]: Archive): string[] {
  try {
    return merge(files, paths).findings.flatMap(textsOf);
  } catch (error) {
    if (error instanceof DatasetError) return [error.message];
    throw error;
  }
}

const textsOf = ({ message, headline }: DatasetFinding) =>
  headline === undefined ? [message] : [message, headline];

/** Everything that curating the images says, the verdict included. */
function curationTexts(images: readonly Drawn[]): string[] {
  try {
    const curation = curated(images, SMALL);
    const { findings } = curation;
    const { message, ...quality } = qualityOf({ dataset: 'skin', refusal: null, findings, counts: curation });
    const sentences = [message, reasonsText(quality.qualityReasons), distrustOf(quality)];
    return [...findings.flatMap(textsOf), ...sentences.filter((text) => text !== undefined)];
  } catch (error) {
    if (error instanceof CurationRefusal) return [error.message];
    throw error;
  }
}

const IMAGES: Readonly<Record<string, (name: string) => readonly Drawn[]>> = {
  'many small classes': (name) => MANY.flatMap((i) => imagesOf(`${name}${i}`, i + 1)),
  'boxes that cover the whole image': (name) =>
    MANY.map((i) => drawn(`${name}${i}.jpg`, [boxOf(name, { x: 1, y: 1, width: 638, height: 478 })])),
  'boxes in one place': (name) => MANY.map((i) => drawn(`${name}${i}.jpg`, [boxOf(name)])),
  'boxes beyond their images': (name) =>
    MANY.map((i) =>
      drawn(`${name}${i}.jpg`, [boxOf(name, { x: i % 3 ? 10 + i : 600 })], { cocoFile: `${name}.json` }),
    ),
  fractions: (name) =>
    MANY.map((i) =>
      drawn(`${name}${i}.jpg`, [boxOf(name, { x: 0.1, y: 0.2, width: 0.5, height: 0.6 })], {
        cocoFile: `${name}.json`,
      }),
    ),
};

describe('every message for people', () => {
  it.each(
    Object.entries(NAMES).flatMap(([length, name]) => Object.keys(CASES).map((what) => [what, length, name])),
  )('about %s has at most 300 characters in one paragraph with names of %s', (what, _length, name) => {
    const found = texts(CASES[what]?.(name) ?? [{}, []]);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((text) => !isShort(text))).toEqual([]);
  });

  it.each(
    Object.entries(NAMES).flatMap(([length, name]) =>
      Object.keys(IMAGES).map((what) => [what, length, name]),
    ),
  )(
    'about %s, the verdict included, has at most 300 characters in one paragraph with names of %s',
    (what, _length, name) => {
      const found = curationTexts(IMAGES[what]?.(name) ?? []);
      expect(found.length).toBeGreaterThan(0);
      expect(found.filter((text) => !isShort(text))).toEqual([]);
    },
  );
});

const isShort = (text: string) => text.length <= MAX_CHARACTERS && !/[\r\n]/.test(text);

describe('the verdict on a dataset', () => {
  const reason = (code: string, words: number) => ({ code, text: `${'Word '.repeat(words)}ends.` });

  it('explains as many reasons as it has room for, and names the others', () => {
    const reasons = [reason('FIRST', 20), reason('SECOND', 20), reason('THIRD', 20), reason('FOURTH', 1)];
    expect(reasonsText(reasons)).toMatch(
      /^(Word )+ends \(FIRST\)\. (Word )+ends \(SECOND\)\. See also THIRD, FOURTH\.$/,
    );
  });

  it('counts the reasons that it has no room to name', () => {
    const reasons = Array.from({ length: 40 }, (_, i) => reason(`FINDING_NUMBER_${i}`, 20));
    const text = reasonsText(reasons);
    expect(text.length).toBeLessThanOrEqual(MAX_CHARACTERS);
    expect(text).toMatch(
      /^(Word )+ends \(FINDING_NUMBER_0\)\. See also FINDING_NUMBER_1, .* and \d\d other findings\.$/,
    );
  });

  it('shortens its only reason if that is too long', () => {
    const text = reasonsText([reason('FIRST', 80)]);
    expect(text.length).toBeLessThanOrEqual(MAX_CHARACTERS);
    expect(text).toMatch(/ends \(FIRST\)\.$/);
  });
});
