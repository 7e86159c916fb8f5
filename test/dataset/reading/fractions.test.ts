import { describe, expect, it } from '@jest/globals';
import { codesOf, merge } from './coco-export.js';

const [WIDTH, HEIGHT] = [400, 200];

/** The one box of each image, in fractions. */
const BOXES = Array.from({ length: 12 }, (_, i) => [0.01 + 0.05 * i, 0.02, 0.3, 0.1 + 0.03 * i] as const);
type Numbers = (typeof BOXES)[number];

const FILES = BOXES.map((_, i) => `${i}.jpg`);
const TRUTH = BOXES.map(([x, y, w, h]) => [x * WIDTH, y * HEIGHT, w * WIDTH, h * HEIGHT].map(Math.round));
const areaOf = ([, , w, h]: Numbers) => w * h;

/** A COCO file with members of its image records and annotations. */
function coco(record: object, labelOf: (box: Numbers) => object) {
  return {
    images: FILES.map((name, i) => ({ id: i, file_name: name, width: WIDTH, height: HEIGHT, ...record })),
    annotations: BOXES.map((box, i) => ({ id: i, image_id: i, category_id: 1, bbox: box, ...labelOf(box) })),
  };
}

const AZURE = { absolute_url: 'https://example.blob.core.windows.net/images/1.jpg' };

function read(record: object, labelOf: (box: Numbers) => object) {
  const merged = merge({ 'c.json': coco(record, labelOf) }, FILES);
  const boxes = merged.images.map(({ path, boxes: [box] }) => {
    if (!box) throw new Error(`${path} has no box.`);
    return [Number.parseInt(path, 10), [box.x, box.y, box.width, box.height]] as const;
  });
  const sorted = boxes.sort(([a], [b]) => a - b).map(([, box]) => box);
  return { merged, boxes: sorted };
}

/** A box in the middle of its image, which could be read from its centre too. */
const central = ([x, y, w, h]: Numbers) => ({
  bbox: [0.4 + x / 9, 0.4 + y, w / 2, h / 2],
  area: (w * h) / 4,
});

const rounded = (boxes: readonly (readonly number[])[]) => boxes.map((box) => box.map(Math.round));

describe('boxes in fractions of the image size', () => {
  it.each<[string, object, (box: Numbers) => object]>([
    [
      'the image records have absolute_url, as Azure AI Vision needs it',
      AZURE,
      (box) => ({ area: areaOf(box) }),
    ],
    [
      'the image records have a coco_url of Azure Machine Learning',
      { coco_url: 'AmlDatastore://store/1.jpg' },
      (box) => ({ area: areaOf(box) }),
    ],
    [
      'polygons beside them are fractions too',
      AZURE,
      ([x, y, w, h]) => ({ segmentation: [[x, y, x + w, y, x + w, y + h, x, y + h]], area: w * h }),
    ],
    [
      'areas are fractions too, and boxes lie too near to edges for centres',
      {},
      (box) => ({ area: areaOf(box) }),
    ],
  ])('are read with the stated sizes, with a warning, if %s', (_name, record, labelOf) => {
    const { merged, boxes } = read(record, labelOf);
    expect(rounded(boxes)).toEqual(TRUTH);
    expect(codesOf(merged)).toContain('BOXES_CONVERTED');
  });

  it('are read from their upper left corner if the image records are those of Azure and boxes can be centres', () => {
    const { boxes } = read(AZURE, central);
    expect(rounded(boxes)).toEqual(
      BOXES.map((box) => central(box).bbox.map((n, i) => Math.round(n * (i % 2 ? HEIGHT : WIDTH)))),
    );
  });

  it.each<[string, object, (box: Numbers) => object]>([
    ['nothing else shows it', {}, () => ({})],
    ['an area is larger than its box', AZURE, (box) => ({ area: 2 * areaOf(box) })],
    ['boxes can be centres', {}, central],
  ])('are left as they are, so that later checks refuse them, if %s', (_name, record, labelOf) => {
    const { boxes } = read(record, labelOf);
    expect(Math.max(...boxes.flat())).toBeLessThan(1);
  });
});
