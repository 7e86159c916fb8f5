import { describe, expect, it } from '@jest/globals';
import { picture, zipOf } from '../../support/archives.js';
import { readWhole } from '../../support/whole-archive.js';

type Bbox = readonly [number, number, number, number];
interface Image {
  readonly width: number;
  readonly height: number;
}

const SIZES: readonly Image[] = [
  { width: 160, height: 100 },
  { width: 96, height: 170 },
];
const COUNT = 12;
const imageOf = (n: number): Image => SIZES[n % SIZES.length] ?? { width: 0, height: 0 };

/** Two objects per image, in all parts of the images. */
function objectsOf(n: number): readonly Bbox[] {
  const { width, height } = imageOf(n);
  const [w, h] = [22 + ((n * 5) % 13), 18 + ((n * 7) % 11)];
  const left = 2 + ((n * 17) % (width / 2 - w - 4));
  const top = 2 + ((n * 23) % (height - h - 4));
  return [
    [Math.round(left), Math.round(top), w, h],
    [Math.round(width - w - left), Math.round(height - h - top), w, h],
  ];
}

const polygonOf = ([x, y, w, h]: Bbox) => [[x, y, x + w, y, x + w, y + h, x, y + h]];
const swapped = ([x, y, w, h]: Bbox): Bbox => [y, x, h, w];

/** Writes the annotation of an object, or several. */
type Write = (box: Bbox, image: Image, n: number) => object | readonly object[];

async function archiveOf(write: Write): Promise<Buffer> {
  const numbers = Array.from({ length: COUNT }, (_, n) => n);
  const coco = {
    images: numbers.map((n) => ({ id: n, file_name: `${n}.jpg`, ...imageOf(n) })),
    annotations: numbers.flatMap((n) =>
      objectsOf(n)
        .flatMap((box) => write(box, imageOf(n), n))
        .map((fields) => ({ image_id: n, category_id: 1, iscrowd: 0, ...fields })),
    ),
    categories: [{ id: 1, name: 'wart' }],
  };
  const files = await Promise.all(
    numbers.map(async (n) => {
      const { width, height } = imageOf(n);
      return [`${n}.jpg`, await picture(n, width, height)] as const;
    }),
  );
  return await zipOf({ 'coco.json': JSON.stringify(coco), ...Object.fromEntries(files) });
}

async function boxesOf(write: Write) {
  const { plan, curation } = await readWhole(await archiveOf(write));
  const boxes = [...curation.train, ...curation.val].flatMap(({ path, boxes }) =>
    boxes.map(({ left, top, width, height }) => `${path} ${[left, top, width, height].join()}`),
  );
  return { boxes: boxes.sort(), codes: [...plan.findings, ...curation.findings].map(({ code }) => code) };
}

const DRAWN = Array.from({ length: COUNT }, (_, n) => objectsOf(n).map((box) => `${n}.jpg ${box.join()}`))
  .flat()
  .sort();

describe('archives whose bbox, segmentation and area contradict each other', () => {
  it.each<[string, Write, string]>([
    [
      'polygons with y before x',
      (box) => ({ bbox: box, segmentation: polygonOf(swapped(box)) }),
      'SHAPES_CONVERTED',
    ],
    [
      'polygons with y before x, without a bbox',
      (box) => ({ segmentation: polygonOf(swapped(box)) }),
      'SHAPES_EXCHANGED',
    ],
    [
      'boxes with y before x',
      (box) => ({ bbox: swapped(box), segmentation: polygonOf(box) }),
      'BOXES_SWAPPED',
    ],
    [
      'corners in some images',
      ([x, y, w, h], _image, n) => ({ bbox: n % 3 === 0 ? [x, y, x + w, y + h] : [x, y, w, h], area: w * h }),
      'BOXES_CONVERTED',
    ],
    [
      'the whole image as bbox',
      (box, { width, height }) => ({ bbox: [0, 0, width, height], segmentation: polygonOf(box) }),
      'BOXES_FROM_SHAPES',
    ],
    [
      'polygons in fractions',
      (box, { width, height }) => ({
        segmentation: polygonOf(box).map((points) =>
          points.map((v, i) => v / (i % 2 === 0 ? width : height)),
        ),
      }),
      'SHAPES_CONVERTED',
    ],
    ['negative sizes', ([x, y, w, h]) => ({ bbox: [x + w, y + h, -w, -h] }), 'BOXES_CONVERTED'],
  ])(
    'boxes arrive in the manifests where they were drawn, with a finding: %s',
    async (_what, write, code) => {
      const { boxes, codes } = await boxesOf(write);
      expect(boxes).toEqual(DRAWN);
      expect(codes).toContain(code);
    },
  );

  it('boxes that were exported twice with different rounding arrive once in the manifests', async () => {
    const { boxes, codes } = await boxesOf((box) => [
      { bbox: box },
      { bbox: box.map((value) => value + 0.4) },
    ]);
    expect(boxes).toEqual(DRAWN);
    expect(codes).toContain('BOXES_REPEATED');
  });
});
