import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, image, merge, refusal } from './coco-export.js';

const POLYGON = [[10, 20, 40, 20, 40, 60, 10, 60]];
const pathsOf = (merged: ReturnType<typeof merge>) => merged.images.map(({ path }) => path);
const codesOf = (merged: ReturnType<typeof merge>) => merged.findings.map(({ code }) => code);

function read(more: object) {
  const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations: [annotation(1, more)] } }, [
    'a.jpg',
  ]);
  const [box] = merged.images[0]?.boxes ?? [];
  return { merged, box: box && [box.x, box.y, box.width, box.height] };
}

describe('a bbox in another convention, in an image of 100 x 80 pixels', () => {
  it.each<[string, unknown]>([
    ['corners', [10, 20, 40, 60]],
    ['corners, y first', [20, 10, 60, 40]],
    ['the centre and the size', [25, 40, 30, 40]],
    ['percent', [10, 25, 30, 50]],
    ['fractions', [0.1, 0.25, 0.3, 0.5]],
    ['corners in fractions', [0.1, 0.25, 0.4, 0.75]],
    ['the centre in fractions', [0.25, 0.5, 0.3, 0.5]],
    ['five numbers', [10, 20, 30, 40, 0]],
    ['a record', { x: 10, y: 20, width: 30, height: 40 }],
    ['a nested list', [[10, 20, 30, 40]]],
    ['zeros', [0, 0, 0, 0]],
    ['a negative size', [-1, -1, -1, -1]],
    ['nothing', [null, null, null, null]],
    ['text', '[10, 20, 30, 40]'],
  ])('that is %s is replaced by the bounds of its polygon, with a warning', (_what, bbox) => {
    const { merged, box } = read({ bbox, segmentation: POLYGON });
    expect(box).toEqual([10, 20, 30, 40]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_FROM_SHAPES', count: 1, examples: ['a.jpg'] }]);
  });

  it('that is a COCO bbox is kept, though its polygon is smaller', () => {
    const { merged, box } = read({ bbox: [5, 15, 40, 50], segmentation: POLYGON });
    expect(box).toEqual([5, 15, 40, 50]);
    expect(merged.findings).toEqual([]);
  });

  it.each<[string, unknown]>([
    [
      'pairs of coordinates',
      [
        [
          [10, 20],
          [40, 20],
          [40, 60],
          [10, 60],
        ],
      ],
    ],
    ['a mask in a list', [{ size: [80, 100], counts: [820, 40, 7140] }]],
  ])('is derived from a segmentation of %s', (_what, segmentation) => {
    expect(read({ bbox: undefined, segmentation }).box?.slice(0, 2)).toEqual([10, 20]);
  });
});

describe('a rotated rectangle of CVAT', () => {
  it.each<[number, number[]]>([
    [90, [20, 10, 20, 40]],
    [-90, [20, 10, 20, 40]],
    [180, [10, 20, 40, 20]],
    [0, [10, 20, 40, 20]],
  ])('has the bounds of the rectangle turned by %d degrees', (rotation, bounds) => {
    expect(read({ bbox: [10, 20, 40, 20], attributes: { rotation } }).box).toEqual(bounds);
  });

  it('turned by 30 degrees has bounds that contain all corners', () => {
    const [x = 0, y = 0, width = 0, height = 0] =
      read({ bbox: [10, 20, 40, 20], attributes: { rotation: 30 } }).box ?? [];
    expect([x + width / 2, y + height / 2]).toEqual([30, 30]);
    expect(width).toBeCloseTo(44.641, 3);
    expect(height).toBeCloseTo(37.321, 3);
  });

  it('keeps its bbox where the polygon is already the turned one', () => {
    const segmentation = [[30, 10, 50, 30, 30, 50, 10, 30]];
    const { box } = read({ bbox: [10, 10, 40, 40], attributes: { rotation: 45 }, segmentation });
    expect(box).toEqual([10, 10, 40, 40]);
  });
});

describe('the encoding of a COCO file', () => {
  const text = (names: readonly [string, string]) =>
    JSON.stringify({
      images: [image(1, 'a.jpg')],
      annotations: [annotation(1), annotation(1, { category_id: 2, bbox: [40, 40, 9, 9] })],
      categories: names.map((name, i) => ({ id: i + 1, name })),
    });
  const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
  const utf16 = (value: string) => Buffer.from(value, 'utf16le');

  it.each<[string, (value: string) => Buffer]>([
    ['UTF-16, little-endian with BOM', (value) => utf16(`\ufeff${value}`)],
    ['UTF-16, big-endian with BOM', (value) => swapped(utf16(`\ufeff${value}`))],
    ['UTF-16, little-endian without BOM', utf16],
    ['UTF-16, big-endian without BOM', (value) => swapped(utf16(value))],
    ['UTF-8 with BOM', (value) => Buffer.from(`\ufeff${value}`)],
  ])('may be %s', (_what, encode) => {
    expect(merge({ 'c.json': encode(text(['кошка', 'птица'])) }, ['a.jpg']).labels).toEqual([
      'кошка',
      'птица',
    ]);
  });

  it.each([
    ['windows-1251 (Cyrillic)', [0xea, 0xee, 0xf8, 0xea, 0xe0], [0xef, 0xf2, 0xe8, 0xf6, 0xe0]],
    ['GBK (Chinese)', [0xc2, 0xdd, 0xcb, 0xa8], [0xc2, 0xdd, 0xc4, 0xb8]],
    ['windows-874 (Thai)', [0xe1, 0xb5, 0xa1], [0xba, 0xc7, 0xc1]],
    [
      'windows-1252 (Western European)',
      [...Buffer.from('Stra\xdfe', 'latin1')],
      [...Buffer.from('d\xe9fil\xe9', 'latin1')],
    ],
  ])('is refused with byte and likely code page where it is %s', (page, first, second) => {
    const bytes = Buffer.from(
      text([Buffer.from(first).toString('latin1'), Buffer.from(second).toString('latin1')]),
      'latin1',
    );
    const error = refusal({ 'c.json': bytes });
    expect(error.type).toBe('CocoInvalid');
    expect(error.message).toContain(`The text looks like ${page}`);
    expect(error.details.record).toMatch(/^byte \d+$/);
  });
});

describe('ids above 2^53', () => {
  it.each([
    '7706992903151817196',
    '20230714123456000',
    '-9007199254740993',
    '340282366920938463463374607431768211455',
  ])('such as %s stay apart from their neighbours', (id) => {
    const other = String(BigInt(id) + 1n);
    const orphan = String(BigInt(id) + 2n);
    const text = JSON.stringify({
      images: [image('ID', 'a.jpg'), image('OTHER', 'b.jpg')],
      annotations: [annotation('OTHER'), annotation('ORPHAN')],
      categories: CATEGORIES,
    })
      .replaceAll('"ID"', id)
      .replaceAll('"OTHER"', other)
      .replaceAll('"ORPHAN"', orphan);
    const merged = merge({ 'c.json': text }, ['a.jpg', 'b.jpg']);
    expect(merged.images.map(({ path, boxes }) => [path, boxes.length])).toEqual([
      ['a.jpg', 0],
      ['b.jpg', 1],
    ]);
    expect(merged.findings[0]).toMatchObject({ code: 'ANNOTATIONS_WITHOUT_IMAGE', count: 1 });
  });

  it('leave fractions with many digits alone', () => {
    expect(read({ bbox: [1.123456789012345, 2, 30, 40] }).box).toEqual([1.123456789012345, 2, 30, 40]);
  });
});

describe('the image of an annotation', () => {
  it.each([
    ['its file name', 'photos/a 1.jpg'],
    ['its bare file name', 'a 1.jpg'],
    ['its file name without extension', 'a 1'],
    ['its id with leading zeros', '0007'],
  ])('is found by %s in image_id', (_what, imageId) => {
    const merged = merge(
      { 'c.json': { images: [image(7, 'photos/a 1.jpg')], annotations: [annotation(imageId)] } },
      ['photos/a 1.jpg'],
    );
    expect(merged.annotations).toEqual({ found: 1, dropped: {} });
  });

  it('is not guessed where several images have that name', () => {
    const images = [image(1, 'x/a.jpg'), image(2, 'y/a.jpg')];
    const merged = merge({ 'c.json': { images, annotations: [annotation('a.jpg')] } }, [
      'x/a.jpg',
      'y/a.jpg',
    ]);
    expect(merged.findings[0]).toMatchObject({
      ...{ code: 'ANNOTATIONS_WITHOUT_IMAGE', count: 1 },
      examples: ['c.json: image_id "a.jpg"'],
    });
  });
});

describe('a file_name that is not a path in the archive', () => {
  const find = (fields: object, paths: readonly string[]) => {
    const record = { id: 1, width: 100, height: 80, ...fields };
    return merge(
      { 'result.json': { images: [record, image(2, 'there.jpg')], annotations: [annotation(1)] } },
      [...paths, 'there.jpg'],
    );
  };

  it.each<[string, object, string]>([
    ['percent-encoded', { file_name: 'images/img%20001.jpg' }, 'images/img 001.jpg'],
    ['percent-encoded with accents', { file_name: 'd%C3%A9cran.jpg' }, 'images/décran.jpg'],
    ['a URL', { file_name: 'https://bucket.s3.amazonaws.com/proj/x.jpg' }, 'images/x.jpg'],
    [
      'a signed URL',
      { file_name: 'https://b.s3.amazonaws.com/p/x.jpg?X-Amz-Expires=900&sig=a/b' },
      'images/x.jpg',
    ],
    [
      'a URL whose path is encoded',
      { file_name: 'https://storage.googleapis.com/b/dir%2Fx%201.jpg' },
      'images/x 1.jpg',
    ],
    ['served by Label Studio', { file_name: '/data/local-files/?d=photos%2Fx.jpg' }, 'images/x.jpg'],
    [
      'served by Label Studio on a host',
      { file_name: 'http://localhost:8080/data/local-files/?d=x.jpg' },
      'images/x.jpg',
    ],
    ['prefixed by Label Studio', { file_name: 'upload/1/0a1b2c3d-x.jpg' }, 'images/x.jpg'],
    ['without extension', { file_name: 'x' }, 'images/x.jpg'],
    ['without extension, with a dot', { file_name: 'x.v2' }, 'images/x.v2.jpg'],
    ['of another extension', { file_name: 'x.png' }, 'images/x.jpg'],
    ['followed by a space', { file_name: 'x.jpg ' }, 'images/x.jpg'],
    ['a number', { file_name: 17 }, '17.jpg'],
    ['missing beside a path', { path: '/datasets/mine/x.jpg' }, 'images/x.jpg'],
    [
      'missing beside a coco_url',
      { coco_url: 'http://images.cocodataset.org/train2017/x.jpg' },
      'images/x.jpg',
    ],
  ])('but is %s leads to the only file that fits', (_what, fields, path) => {
    expect(pathsOf(find(fields, [path]))).toContain(path);
  });

  it('is never taken for a file that another record names', () => {
    const merged = find({ file_name: 'there.png' }, []);
    expect(pathsOf(merged)).toEqual(['there.jpg']);
    expect(merged.rejected).toMatchObject([{ path: 'there.png' }]);
  });

  it('is missing where several files fit', () => {
    expect(find({ file_name: 'x.png' }, ['images/x.jpg', 'images/x.webp']).rejected).toHaveLength(1);
  });

  it('is refused with names of both sides where nothing fits', () => {
    const error = refusal({ 'c.json': { images: [image(1, 'z.jpg')], annotations: [] } }, ['q.jpg']);
    expect(error.message).toMatch(/They name z\.jpg\. The archive has q\.jpg\./);
  });
});

describe('several COCO files that describe the same images', () => {
  const images = [image(1, 'x.jpg'), image(2, 'y.jpg')];
  const paths = ['images/x.jpg', 'images/y.jpg'];
  const main = { images, annotations: [annotation(1), annotation(2)] };
  const moved = { images, annotations: [1, 2].map((id) => annotation(id, { bbox: [31, 2, 30, 40] })) };
  const leftOf = (merged: ReturnType<typeof merge>) =>
    merged.images.map(({ boxes }) => boxes.map(({ x }) => x));

  it('are joined where each labels some of the images', () => {
    const merged = merge(
      {
        'annotations/job_1.json': { images, annotations: [annotation(1)] },
        'annotations/job_2.json': { images, annotations: [annotation(2, { bbox: [31, 2, 30, 40] })] },
      },
      paths,
    );
    expect(leftOf(merged)).toEqual([[1], [31]]);
    expect(merged.findings).toEqual([]);
  });

  it('are joined where each labels a class of its own', () => {
    const other = { images, annotations: [annotation(1, { category_id: 2, bbox: [50, 50, 9, 9] })] };
    const merged = merge({ 'annotations/a.json': main, 'annotations/b.json': other }, paths);
    expect(merged.images.map(({ boxes }) => boxes.map(({ label }) => label))).toEqual([
      ['nodule', 'pustule'],
      ['nodule'],
    ]);
  });

  it('are not joined where one gives the same boxes other names', () => {
    const renamed = { images, annotations: [1, 2].map((id) => annotation(id, { category_id: 2 })) };
    const merged = merge({ 'annotations/a.json': main, 'annotations/b.json': renamed }, paths);
    expect(merged.labels).toEqual(['nodule']);
    expect(codesOf(merged)).toEqual(['COCO_FILES_DISAGREE']);
  });

  it('are both named with counts where they contradict each other, and the file with the name of a copy gives way', () => {
    for (const copy of [
      'instances_default (1).json',
      'instances_default - Copy.json',
      'instances_default_old.json',
    ]) {
      const merged = merge(
        { [`annotations/${copy}`]: moved, 'annotations/instances_default.json': main },
        paths,
      );
      expect(leftOf(merged)).toEqual([[1], [1]]);
      expect(merged.findings).toMatchObject([{ code: 'COCO_FILES_DISAGREE', count: 2 }]);
      expect(merged.findings[0]?.message).toContain(
        `annotations/instances_default.json and annotations/${copy} in 2 images (annotations/instances_default.json was used, since the other has the name of a copy)`,
      );
    }
  });

  it.each([
    'annotations/.ipynb_checkpoints/instances_default-checkpoint.json',
    '.git/instances_default.json',
    'annotations/old/v1/instances_default.json',
    '2023 backup/instances_default.json',
  ])('do not count from a hidden or backup folder: %s', (path) => {
    const merged = merge({ [path]: moved, 'annotations/instances_default.json': main }, paths);
    expect(leftOf(merged)).toEqual([[1], [1]]);
    expect(merged.rejected).toEqual([]);
    expect(merged.findings).toMatchObject([{ code: 'COCO_FILES_SKIPPED', count: 1 }]);
  });

  it('count from a hidden folder where there is no other', () => {
    expect(leftOf(merge({ '.data/c.json': main }, ['.data/x.jpg', '.data/y.jpg']))).toEqual([[1], [1]]);
  });

  it('count from a folder called old where its images are in it', () => {
    const merged = merge({ 'old/c.json': main, 'new/c.json': moved }, [
      'old/x.jpg',
      'new/x.jpg',
      'new/y.jpg',
      'old/y.jpg',
    ]);
    expect(pathsOf(merged)).toHaveLength(4);
    expect(merged.findings).toEqual([]);
  });

  it('do not count where none of their images is in the archive', () => {
    const foreign = { images: [image(1, 'q.jpg')], annotations: [annotation(1)] };
    const merged = merge({ 'annotations/a.json': main, 'annotations/b.json': foreign }, paths);
    expect(merged).toMatchObject({ rejected: [], annotations: { found: 2, dropped: {} } });
    expect(merged.findings).toMatchObject([
      {
        code: 'COCO_FILES_SKIPPED',
        examples: ['annotations/b.json: none of its 1 images is in the archive'],
      },
    ]);
  });
});

describe('dropped annotations are reported with count, share and cases', () => {
  it.each<[string, object, string]>([
    ['a crowd', { iscrowd: 1 }, 'BOXES_CROWD'],
    ['a box without width', { bbox: [1, 1, 0, 5] }, 'BOXES_EMPTY'],
    ['three numbers', { bbox: [1, 2, 3] }, 'BOXES_INVALID'],
    ['an unknown image', { image_id: 77 }, 'ANNOTATIONS_WITHOUT_IMAGE'],
  ])('for %s', (_what, more, code) => {
    const annotations = [annotation(1), annotation(1, { bbox: [9, 9, 9, 9] }), annotation(1, more)];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
    expect(merged.findings).toMatchObject([{ code, count: 1 }]);
    expect(merged.findings[0]?.message).toMatch(/^1 of 3 annotations \(33 %\)/);
    expect(merged.findings[0]?.examples).toEqual([
      expect.stringMatching(/^(?:a\.jpg: 1|c\.json: image_id 77)$/),
    ]);
  });
});

describe('an archive of another format is refused with its name and how to export COCO', () => {
  it.each<[string, Record<string, string>, readonly string[], RegExp]>([
    ['YOLO', {}, ['data.yaml', 'train/images/a.jpg', 'train/labels/a.txt'], /a YOLO export/],
    ['YOLO without data.yaml', {}, ['images/a.jpg', 'labels/a.txt'], /a YOLO export/],
    ['Pascal VOC', {}, ['Annotations/a.xml', 'JPEGImages/a.jpg'], /a Pascal VOC export/],
    ['CreateML', { 'train/_annotations.createml.json': '[]' }, ['train/a.jpg'], /a CreateML export/],
    ['a folder per class', {}, ['cat/a.jpg', 'dog/b.jpg'], /a classification dataset/],
    [
      'Label Studio',
      { 'project.json': '[{"id":1,"annotations":[]}]' },
      ['images/a.jpg'],
      /a Label Studio JSON export/,
    ],
    ['labelme', { 'a.json': '{"version":"5","shapes":[]}' }, ['a.jpg'], /a labelme export/],
    ['TensorFlow', {}, ['train/x.tfrecord'], /a TensorFlow export/],
  ])('%s', (_what, files, paths, message) => {
    const error = refusal(files, paths);
    expect(error.type).toBe('CocoMissing');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/In Roboflow:.*In CVAT:.*In Label Studio:/);
  });
});

describe('class names that look the same', () => {
  it.each([
    ['a zero-width space', 'bolt\u200b'],
    ['a no-break space', 'bolt\u00a0'],
    ['a Cyrillic letter', 'bоlt'],
  ])('are warned about where one has %s', (_what, name) => {
    const categories = [
      { id: 1, name: 'bolt' },
      { id: 2, name },
    ];
    const annotations = [annotation(1), annotation(1, { category_id: 2, bbox: [9, 9, 9, 9] })];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations, categories } }, ['a.jpg']);
    expect(codesOf(merged)).toEqual(['LABELS_ALIKE']);
  });
});
