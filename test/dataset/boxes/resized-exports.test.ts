import { describe, expect, it } from '@jest/globals';
import { boxImages, refuseMisplaced } from '../../../src/dataset/boxes/box-images.js';
import { qualityOf } from '../../../src/dataset/curating/quality.js';
import { Drops } from '../../../src/dataset/model/drops.js';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type { Box, Size } from '../../../src/dataset/model/types.js';
import {
  type Members,
  RESIZES,
  type ResizedImage,
  type ResizeName,
  resizedExport,
  SEVERAL_SIZES,
} from '../../support/resized-exports.js';
import { curated, drawn } from '../curating/images.js';
import { merge } from '../reading/coco-export.js';

/** What Curator makes of an export: `warned` has misplaced boxes, and a warning that makes scores unreliable or counts boxes beyond their image. */
type Outcome = 'right' | 'refused' | 'warned' | 'wrong';

function outcomeOf({ coco, truth }: ReturnType<typeof resizedExport>): Outcome {
  try {
    const merged = merge(
      { 'c.json': coco },
      truth.map(({ name }) => name),
    );
    const sizeOf = new Map(truth.map(({ name, size }) => [name, size]));
    const images = merged.images.map((image) => {
      const { result } = drawn(image.path, [], { stored: sizeOf.get(image.path) ?? { width: 1, height: 1 } });
      return { image, result };
    });
    // Findings take most of the time, and right boxes need none.
    const boxed = boxImages(images, new Map(), DEFAULT_DATASET_SETTINGS, new Drops({}));
    refuseMisplaced(boxed);
    const placed = new Map(boxed.candidates.map(({ path, boxes }) => [path, boxes]));
    if (truth.every((image) => isRight(image, placed.get(image.name) ?? []))) return 'right';
    const curation = curated(images, { minClassImages: 5, enableBalance: false });
    const { qualityReasons } = qualityOf({
      ...{ dataset: 'd', refusal: null, counts: curation },
      findings: [...merged.findings, ...curation.findings],
    });
    const areBeyond = curation.findings.some(({ code }) => code === 'BOXES_BEYOND_IMAGE');
    const codes = qualityReasons.map(({ code }) => code).filter((code) => !code.startsWith('FEW_'));
    return areBeyond || codes.length > 0 ? 'warned' : 'wrong';
  } catch (error) {
    if (error instanceof DatasetError) return 'refused';
    throw error;
  }
}

/** Whether the boxes are those that are in the image, up to 2 pixels; small ones may be dropped. */
function isRight({ boxes }: ResizedImage, placed: readonly Box[]): boolean {
  const missing = boxes.filter(
    ([x, y, w, h]) =>
      Math.min(w, h) >= 10 &&
      !placed.some(
        ({ left, top, width, height }) =>
          Math.abs(left - x) <= 2 &&
          Math.abs(top - y) <= 2 &&
          Math.abs(width - w) <= 3 &&
          Math.abs(height - h) <= 3,
      ),
  );
  return missing.length === 0 && placed.length <= boxes.length;
}

const SIZES = ['old', 'new'] as const;
const VERSIONS = ['old', 'new', 'none'] as const;
const COMBINATIONS: readonly Members[] = SIZES.flatMap((size) =>
  SIZES.flatMap((bbox) =>
    VERSIONS.flatMap((segmentation) => VERSIONS.map((area) => ({ size, bbox, segmentation, area }))),
  ),
);

/** The combinations with these members that have another outcome than the allowed ones. */
function others(
  name: ResizeName,
  sizes: readonly Size[],
  isMeant: (members: Members) => boolean,
  allowed: readonly Outcome[],
): string[] {
  return COMBINATIONS.filter(isMeant).flatMap((members) => {
    const outcome = outcomeOf(resizedExport(name, members, sizes));
    const text = Object.entries(members).map(([member, version]) => `${version} ${member}`);
    return allowed.includes(outcome) ? [] : [`${outcome}: ${text.join(', ')}`];
  });
}

const ONE_SIZE: readonly Size[] = [{ width: 640, height: 480 }];
const CASES = (Object.keys(RESIZES) as ResizeName[]).flatMap((name) => [
  [name, 'one size', ONE_SIZE] as const,
  [name, 'several sizes', SEVERAL_SIZES] as const,
]);
/** The factor of each axis shows where a point was; bars and edges that were cut off do not. */
const RESIZED = CASES.filter(([name]) => !/^(letterboxed|cropped)/.test(name));
const BARRED = CASES.filter(([name]) => name.startsWith('letterboxed'));
const CROPPED = CASES.filter(([name]) => name.startsWith('cropped'));

const isOfOldBoxes = ({ size, bbox, segmentation }: Members) =>
  size === 'new' && bbox === 'old' && segmentation !== 'new';
const isOfOldArea = ({ size, bbox, segmentation, area }: Members) =>
  size === 'old' && bbox === 'new' && segmentation !== 'old' && area === 'old';

describe('COCO files of which a tool updated only a part when it resized the images', () => {
  it.each(RESIZED)(
    'boxes are right, whether sizes, boxes, polygons or areas are old: images %s, of %s',
    (name, _what, sizes) => {
      const isMeant = (one: Members) => !isOfOldBoxes(one) && !isOfOldArea(one);
      expect(others(name, sizes, isMeant, ['right'])).toEqual([]);
    },
  );

  it.each(RESIZED)(
    'boxes are right or refused if only sizes and areas are old: images %s, of %s',
    (name, _what, sizes) => {
      expect(others(name, sizes, isOfOldArea, ['right', 'refused'])).toEqual([]);
    },
  );

  it.each(CASES)(
    'old boxes beside new sizes, without new polygons, cause a warning: images %s, of %s',
    (name, _what, sizes) => {
      expect(others(name, sizes, isOfOldBoxes, ['warned', 'refused'])).toEqual([]);
    },
  );

  it.each([...BARRED, ...CROPPED])(
    'boxes are right if sizes and either boxes or polygons are new: images %s, of %s',
    (name, _what, sizes) => {
      const isMeant = (one: Members) => one.size === 'new' && !isOfOldBoxes(one);
      expect(others(name, sizes, isMeant, ['right'])).toEqual([]);
    },
  );

  it.each(BARRED)('old sizes cause a warning: images %s, of %s', (name, _what, sizes) => {
    expect(others(name, sizes, ({ size }) => size === 'old', ['warned'])).toEqual([]);
  });

  it.each(CROPPED)('new boxes beside old sizes are right: images %s, of %s', (name, _what, sizes) => {
    const isMeant = ({ size, bbox }: Members) => size === 'old' && bbox === 'new';
    expect(others(name, sizes, isMeant, ['right'])).toEqual([]);
  });

  it.each(CROPPED)(
    'old boxes and sizes beside new polygons cause a warning: images %s, of %s',
    (name, _what, sizes) => {
      const isMeant = ({ size, bbox, segmentation }: Members) =>
        size === 'old' && bbox === 'old' && segmentation === 'new';
      expect(others(name, sizes, isMeant, ['warned'])).toEqual([]);
    },
  );
});
