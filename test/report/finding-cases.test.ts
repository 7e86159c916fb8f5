import { describe, expect, it } from '@jest/globals';
import { type DatasetFinding, warning } from '../../src/dataset/model/findings.js';
import type { Box } from '../../src/dataset/model/types.js';
import type { CuratedCandidate } from '../../src/report/curated-candidate.js';
import { findingCases } from '../../src/report/finding-cases.js';

const boxAt = (left: number, label = 'scar', side = 20): Box => ({
  ...{ label, left, top: 7, width: side, height: side },
});

function imageOf(path: string, boxes: readonly Box[] = [boxAt(12)], over: Partial<CuratedCandidate> = {}) {
  const image: CuratedCandidate = {
    ...{ path, key: `preprocessed/${path}`, size: { width: 640, height: 480 }, boxes, kept: boxes },
    ...{ group: path, unit: path, sortKey: path, sourceSha256: path, exported: null, split: 'train' },
    ...over,
  };
  return image;
}

const finding = (code: string, examples: readonly string[]): DatasetFinding => {
  const found = warning(code, examples.length, 'A message.', examples);
  if (!found) throw new Error('There is no example.');
  return found;
};

const casesOf = (
  findings: readonly DatasetFinding[],
  images: readonly CuratedCandidate[],
  dropped: ReadonlyMap<string, readonly Box[]> = new Map(),
) => findingCases(findings, images, dropped);

const rolesOf = (one: ReturnType<typeof findingCases>[number] | undefined) =>
  one?.images[0]?.boxes.map(({ left, role }) => [left, role]);

describe('the cases of findings that are shown as pictures', () => {
  it('are pairs for copies, each image with the side that the export and the split put it on', () => {
    const images = [
      imageOf('valid/a (1).jpg', [boxAt(1)], { exported: 'val' }),
      imageOf('train/b = c.jpg', [boxAt(2)], { exported: 'train', split: 'val' }),
    ];
    const example = 'valid/a (1).jpg = train/b = c.jpg';
    const [leak, ...others] = casesOf([finding('EXPORT_SPLIT_LEAKS', [example])], images);
    expect(others).toEqual([]);
    expect(leak).toMatchObject({ code: 'EXPORT_SPLIT_LEAKS', example });
    expect(leak?.images).toMatchObject([
      { path: 'valid/a (1).jpg', exported: 'val', split: 'train', view: null, width: 640, height: 480 },
      { path: 'train/b = c.jpg', exported: 'train', split: 'val', view: null },
    ]);
    const ways = 'valid/a (1).jpg / train/b = c.jpg: scar, single objects in 9 images, one large region in 5';
    const [mixed] = casesOf([finding('BOXES_MIXED', [ways])], images);
    expect(mixed?.images.map(({ path }) => path)).toEqual(['valid/a (1).jpg', 'train/b = c.jpg']);
    const labelled = 'valid/a (1).jpg (scar) / train/b = c.jpg (none)';
    const [copy] = casesOf([finding('COPIES_DISAGREE', [labelled])], images);
    expect(copy?.images.map(({ path }) => path)).toEqual(['valid/a (1).jpg', 'train/b = c.jpg']);
  });

  it('mark the box that a case names, not one whose numbers only contain it, and enlarge it', () => {
    const boxes = [boxAt(112), boxAt(12), { ...boxAt(12), top: 70 }];
    const [outlying] = casesOf(
      [finding('BOXES_OUTLYING', ['a.jpg: scar 20x20 at 12,70: much smaller'])],
      [imageOf('a.jpg', boxes)],
    );
    expect(outlying?.images[0]?.boxes.map(({ left, top, role }) => [left, top, role])).toEqual([
      [12, 70, 'own'],
      [112, 7, 'other'],
      [12, 7, 'other'],
    ]);
    expect(outlying?.images[0]?.view?.width).toBeLessThan(640);
  });

  it('mark all boxes of an image if the case names none, and those that curating left out', () => {
    const [one, two] = casesOf(
      [finding('SIZE_MISMATCH', ['a.jpg']), finding('BOXES_CUT', ['b.jpg'])],
      [imageOf('a.jpg', [boxAt(1), boxAt(2)]), imageOf('b.jpg', [boxAt(3), boxAt(4)], { kept: [boxAt(3)] })],
    ).sort((a, b) => (a.example < b.example ? -1 : 1));
    expect(rolesOf(one)).toEqual([
      [1, 'own'],
      [2, 'own'],
    ]);
    expect(rolesOf(two)).toEqual([
      [3, 'own'],
      [4, 'dropped'],
    ]);
    const dropped = new Map([['a.jpg', [boxAt(300, 'scar', 3)]]]);
    const [small] = casesOf(
      [finding('BOXES_TOO_SMALL', ['a.jpg: 3.0x3.0 px in the original'])],
      [imageOf('a.jpg')],
      dropped,
    );
    expect(rolesOf(small)).toContainEqual([300, 'dropped']);
    expect(small?.images[0]?.view?.left).toBeGreaterThan(200);
  });

  it('mark the boxes that two classes share', () => {
    const boxes = [boxAt(1), boxAt(50), boxAt(50, 'acne')];
    const [shared] = casesOf([finding('BOXES_IN_TWO_CLASSES', ['a.jpg'])], [imageOf('a.jpg', boxes)]);
    expect(rolesOf(shared)).toEqual([
      [50, 'own'],
      [50, 'own'],
      [1, 'other'],
    ]);
  });

  it('are four per finding and 36 pictures in total, those of the most harmful findings first', () => {
    const paths = Array.from({ length: 10 }, (_, n) => `${n}.jpg`);
    const images = paths.map((path) => imageOf(path));
    const pairs = paths.map((path, n) => `${path} = ${(n + 1) % 10}.jpg`);
    const findings = [
      ...Array.from({ length: 12 }, (_, n) => finding(`OTHER_${n}`, paths)),
      finding('SPLIT_LEAKS', pairs),
    ];
    const shown = casesOf(findings, images);
    const pictures = shown.reduce((sum, one) => sum + one.images.length, 0);
    expect(pictures).toBeLessThanOrEqual(36);
    expect(pictures).toBeGreaterThanOrEqual(35);
    expect(shown[0]?.code).toBe('SPLIT_LEAKS');
    const few = casesOf([finding('SIZE_MISMATCH', paths)], images);
    expect(few.map(({ example }) => example)).toEqual(['0.jpg', '1.jpg', '2.jpg', '3.jpg']);
  });

  it('leave out cases that name no image, such as classes and COCO files', () => {
    const list = [finding('CLASSES_DROPPED', ['a.jpg.x: 3 images']), finding('LABELS_EMPTY', ['a'])];
    expect(casesOf(list, [imageOf('a.jpg')])).toEqual([]);
  });
});
