import { describe, expect, it } from '@jest/globals';
import {
  type Members,
  type ResizeName,
  resizedExport,
  SEVERAL_SIZES,
} from '../../support/resized-exports.js';
import { codesOf, merge } from './coco-export.js';

const paths = (images: readonly { readonly name: string }[]) => images.map(({ name }) => name);

/** The boxes that are read, each as text with its image, and the findings. */
function read(name: ResizeName, members: Members) {
  const { coco, truth } = resizedExport(name, members, SEVERAL_SIZES);
  const merged = merge({ 'c.json': coco }, paths(truth));
  const boxes = merged.images.flatMap(({ path, boxes }) =>
    boxes.map(({ x, y, width, height }) => textOf(path, [x, y, width, height])),
  );
  return { merged, boxes: boxes.sort() };
}

const textOf = (path: string, numbers: readonly number[]) =>
  `${path}: ${numbers.map((number) => Math.round(number)).join(' ')}`;

/** The boxes that are read if all members are of one version. */
const boxesOf = (name: ResizeName, version: 'old' | 'new') =>
  read(name, { size: version, bbox: version, segmentation: 'none', area: 'none' }).boxes;

describe('a bbox and a polygon of different versions of the images', () => {
  it.each<[string, ResizeName, Members]>([
    ['halved', 'halved', { size: 'new', bbox: 'new', segmentation: 'old', area: 'old' }],
    ['reduced to 80 %', 'reduced to 80 %', { size: 'new', bbox: 'new', segmentation: 'old', area: 'old' }],
    [
      'distorted to a square',
      'distorted to 416 x 416',
      { size: 'new', bbox: 'new', segmentation: 'old', area: 'old' },
    ],
  ])(
    'the bbox is used in all annotations if many polygons reach beyond the images: images %s',
    (_, name, members) => {
      const { merged, boxes } = read(name, members);
      expect(boxes).toEqual(boxesOf(name, 'new'));
      expect(codesOf(merged)).toEqual(['SHAPES_CONVERTED']);
    },
  );

  it.each<[string, ResizeName, Members]>([
    ['halved', 'halved', { size: 'new', bbox: 'old', segmentation: 'new', area: 'old' }],
    [
      'distorted to a square',
      'distorted to 416 x 416',
      { size: 'new', bbox: 'old', segmentation: 'new', area: 'none' },
    ],
    [
      'letterboxed',
      'letterboxed to 512 x 512',
      { size: 'new', bbox: 'old', segmentation: 'new', area: 'none' },
    ],
  ])(
    'the polygon is used in all annotations if many bboxes reach beyond the images, and it does not: images %s',
    (_, name, members) => {
      const { merged, boxes } = read(name, members);
      expect(boxes).toEqual(boxesOf(name, 'new'));
      expect(codesOf(merged)).toEqual(['BOXES_FROM_SHAPES']);
      expect(merged.findings[0]?.message).toMatch(/another version of the image|2 times larger/);
    },
  );

  it.each<[string, Members]>([
    ['the polygon', { size: 'old', bbox: 'new', segmentation: 'old', area: 'new' }],
    ['the bbox', { size: 'old', bbox: 'old', segmentation: 'new', area: 'new' }],
  ])(
    '%s is used in all annotations if it is the larger one and all over the images, whatever the area says',
    (_, members) => {
      expect(read('halved', members).boxes).toEqual(boxesOf('halved', 'old'));
    },
  );

  it('the bbox is used, with a warning, in a few annotations whose polygon marks another place', () => {
    const { coco, truth } = resizedExport(
      'halved',
      { size: 'new', bbox: 'new', segmentation: 'new', area: 'new' },
      SEVERAL_SIZES,
    );
    const annotations = coco.annotations.map((one, i) =>
      i < 5 ? { ...one, segmentation: [[900, 900, 950, 900, 950, 950]] } : one,
    );
    const merged = merge({ 'c.json': { ...coco, annotations } }, paths(truth));
    expect(merged.findings).toMatchObject([{ code: 'BOXES_DISAGREE_WITH_SHAPES', count: 5 }]);
  });
});
