import { beforeAll, describe, expect, it } from '@jest/globals';
import { picture, zipOf } from '../../support/archives.js';
import { readWhole } from '../../support/whole-archive.js';

const TRAIN = [0, 1, 2, 3, 4, 5, 6, 7];
const VALID = [8, 9, 10];
const TEST = [11];
const ALL = [...TRAIN, ...VALID, ...TEST];

type Files = Record<string, string | Buffer>;

let pictures: Buffer[];
beforeAll(async () => {
  pictures = await Promise.all(ALL.map((n) => picture(n)));
});

/** Returns the images with these numbers, in a folder. */
function images(folder: string, numbers: readonly number[]): Files {
  return Object.fromEntries(numbers.map((n) => [`${folder}${n}.jpg`, pictures[n] ?? '']));
}

/** Returns a COCO file of these images with the classes `even` and `odd`. Its ids start at `firstId`. */
function coco(
  numbers: readonly number[],
  { name = (n: number) => `${n}.jpg`, firstId = 1, firstCategory = 1 } = {},
): string {
  return JSON.stringify({
    images: numbers.map((n, i) => ({ id: firstId + i, file_name: name(n), width: 96, height: 80 })),
    annotations: numbers.map((n, i) => ({
      id: firstId + i,
      image_id: firstId + i,
      category_id: firstCategory + (n % 2),
      bbox: [8, 8, 40, 30 + n],
    })),
    categories: ['even', 'odd'].map((label, i) => ({ id: firstCategory + i, name: label })),
  });
}

const captions = (numbers: readonly number[]) =>
  JSON.stringify({
    images: numbers.map((n) => ({ id: n, file_name: `${n}.jpg`, width: 96, height: 80 })),
    annotations: numbers.map((n) => ({ id: n, image_id: n, caption: `Number ${n}.` })),
  });

const LAYOUTS: [string, () => Files][] = [
  [
    'Roboflow: train, valid and test, each with a JSON file',
    () => ({
      'README.roboflow.txt': 'An export.',
      'train/_annotations.coco.json': coco(TRAIN, { firstId: 0 }),
      ...images('train/', TRAIN),
      'valid/_annotations.coco.json': coco(VALID, { firstId: 0 }),
      ...images('valid/', VALID),
      'test/_annotations.coco.json': coco(TEST, { firstId: 0 }),
      ...images('test/', TEST),
    }),
  ],
  [
    'Roboflow with other folder names, such as validation and val',
    () => ({
      'validation/_annotations.coco.json': coco(TRAIN),
      ...images('validation/', TRAIN),
      'val/_annotations.coco.json': coco(VALID),
      ...images('val/', VALID),
      'hold out (2025)/_annotations.coco.json': coco(TEST),
      ...images('hold out (2025)/', TEST),
    }),
  ],
  [
    'flat: the JSON file beside the images',
    () => ({ '_annotations.coco.json': coco(ALL), ...images('', ALL) }),
  ],
  [
    'CVAT: annotations/instances_*.json and images/',
    () => ({ 'annotations/instances_default.json': coco(ALL), ...images('images/', ALL) }),
  ],
  [
    'CVAT with subsets: a folder of images per subset',
    () => ({
      'annotations/instances_Train.json': coco(TRAIN),
      ...images('images/Train/', TRAIN),
      'annotations/instances_Validation.json': coco([...VALID, ...TEST]),
      ...images('images/Validation/', [...VALID, ...TEST]),
    }),
  ],
  [
    'Label Studio: result.json, backslashes, category ids from 0',
    () => ({
      'result.json': coco(ALL, { name: (n) => `images\\${n}.jpg`, firstId: 0, firstCategory: 0 }),
      ...images('images/', ALL),
    }),
  ],
  [
    'Label Studio with absolute paths of the labelling machine',
    () => ({
      'result.json': coco(ALL, { name: (n) => `..\\..\\label-studio\\data\\media\\upload\\3\\${n}.jpg` }),
      ...images('images/', ALL),
    }),
  ],
  [
    'COCO 2017: annotations/instances_train2017.json and images/train2017/, with captions and keypoints',
    () => ({
      'annotations/captions_train2017.json': captions(TRAIN),
      'annotations/instances_train2017.json': coco(TRAIN),
      'annotations/person_keypoints_train2017.json': coco(TRAIN),
      ...images('images/train2017/', TRAIN),
      'annotations/instances_val2017.json': coco([...VALID, ...TEST]),
      ...images('images/val2017/', [...VALID, ...TEST]),
    }),
  ],
  ['FiftyOne: labels.json and data/', () => ({ 'labels.json': coco(ALL), ...images('data/', ALL) })],
  [
    'a wrapper folder at the top, with files of operating systems',
    () => ({
      'my export/train/_annotations.coco.json': coco(ALL),
      ...images('my export/train/', ALL),
      'my export/.DS_Store': 'Bud1',
      'my export/train/Thumbs.db': 'x',
      '__MACOSX/my export/train/._0.jpg': Buffer.from('\0\x05\x16\x07'),
      '__MACOSX/my export/train/._annotations.coco.json': Buffer.from('\0\x05\x16\x07'),
    }),
  ],
  [
    'images one level below their JSON file',
    () => ({ 'set/labels.json': coco(ALL), ...images('set/photos/', ALL) }),
  ],
  [
    'copies of the export’s JSON file beside it',
    () => ({
      'train/_annotations.coco.json': coco(ALL),
      'train/_my_anno.json': coco(TRAIN, { firstId: 500 }),
      'all.json': coco(ALL, { name: (n) => `train/${n}.jpg` }),
      ...images('train/', ALL),
    }),
  ],
];

describe('layouts', () => {
  it.each(LAYOUTS)('each image is read once with its class in the layout %s', async (_layout, files) => {
    const { plan, curation } = await readWhole(await zipOf(files()));
    expect(curation.images).toMatchObject({ found: 12, used: 12, train: 9, val: 3, rejected: 0 });
    const totals = curation.labels.map(({ label, train, val }) => [
      label,
      train.images + val.images,
      train.boxes + val.boxes,
    ]);
    expect(totals).toEqual([
      ['even', 6, 6],
      ['odd', 6, 6],
    ]);
    const boxes = [...curation.train, ...curation.val].map(({ path, boxes: [box] }) => [
      Number(path.replace(/^.*\/|\.jpg$/g, '')),
      box?.height,
    ]);
    expect(boxes.sort(([a], [b]) => Number(a) - Number(b))).toEqual(ALL.map((n) => [n, 30 + n]));
    expect(plan).toMatchObject({ findings: [], unlisted: { count: 0 }, annotations: { dropped: {} } });
  });
});

describe('an archive in which a file_name matches several files', () => {
  it('an ambiguous file_name is refused with the candidates', async () => {
    const files = {
      'labels.json': coco(ALL),
      ...images('a/', TRAIN),
      ...images('b/', [...TEST, ...VALID, 0]),
    };
    await expect(readWhole(await zipOf(files))).rejects.toMatchObject({
      type: 'ImageAmbiguous',
      details: { file: 'labels.json', record: '0.jpg', examples: ['a/0.jpg', 'b/0.jpg'], count: 2 },
    });
  });
});
