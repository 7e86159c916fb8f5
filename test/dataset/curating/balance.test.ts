import { describe, expect, it } from '@jest/globals';
import { capClasses, rareClasses } from '../../../src/dataset/curating/balance.js';
import { cutBoxes, dropClasses } from '../../../src/dataset/curating/class-rules.js';
import { Drops } from '../../../src/dataset/model/drops.js';
import { candidate, curated, imagesOf, names } from './images.js';

describe('rare classes', () => {
  it('rare classes are classes found in fewer images than the minimum, whatever their number of boxes', () => {
    const images = [
      candidate('a', ['many', 'many', 'many']),
      candidate('b', ['exact']),
      candidate('c', ['exact']),
      candidate('d', ['also']),
    ];
    expect(rareClasses(images, 2)).toEqual([
      { label: 'also', images: 1 },
      { label: 'many', images: 1 },
    ]);
  });

  it('rare classes are dropped with their boxes; images that keep other boxes are partly unlabelled', () => {
    const drops = new Drops({});
    const images = [
      candidate('a', ['keep', 'rare', 'rare']),
      candidate('b', ['rare']),
      candidate('c', ['keep']),
    ];
    const left = dropClasses(images, [{ label: 'rare' }], drops);
    expect(names(left.images)).toEqual(['a', 'c']);
    expect(left.images[0]?.boxes.map(({ label }) => label)).toEqual(['keep']);
    expect(left.partlyUnlabelled).toEqual(['a.jpg']);
    expect(drops.sorted()).toEqual({ 'class-dropped': 3 });
  });
});

describe('maximum boxes per image', () => {
  it('keeps the largest boxes in their original order', () => {
    const drops = new Drops({});
    const sides = [30, 10, 40, 20];
    const image = {
      ...candidate('a', []),
      boxes: sides.map((side) => ({ label: 'x', left: 0, top: 0, width: side, height: side })),
    };
    const { images, cutImages } = cutBoxes([image, candidate('b', ['x', 'x'])], 2, drops);
    expect(images.map(({ boxes }) => boxes.map(({ width }) => width))).toEqual([
      [30, 40],
      [10, 10],
    ]);
    expect(cutImages).toEqual(['a.jpg']);
    expect(drops.sorted()).toEqual({ 'over-max-boxes': 2 });
  });
});

describe('the cap per class', () => {
  it('chooses the maximum images per class in the order of sort keys', () => {
    const images = ['d', 'a', 'c', 'b'].map((sortKey) => candidate(sortKey, ['x']));
    expect(names(capClasses(images, 2))).toEqual(['a', 'b']);
    expect(names(capClasses(images, 9))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('starts with the rarest class and counts an image for all its classes', () => {
    const images = [
      candidate('a', ['common']),
      candidate('b', ['common']),
      candidate('y', ['common', 'rare']),
      candidate('z', ['common', 'rare']),
    ];
    // `rare` takes y and z, which count for `common` too.
    expect(names(capClasses(images, 2))).toEqual(['y', 'z']);
  });

  it('the cap per class is exceeded only by images that are shared with a rarer class', () => {
    const images = [
      candidate('a', ['one', 'common']),
      candidate('b', ['two', 'common']),
      candidate('c', ['common']),
    ];
    // Each rare class brings its image, so `common` has two although the cap is one.
    expect(names(capClasses(images, 1))).toEqual(['a', 'b']);
  });

  it('breaks ties between classes by name', () => {
    const images = [candidate('a', ['n', 'm']), candidate('b', ['m']), candidate('c', ['n'])];
    // `m` first: it takes a (its sort key comes before b), which fills `n` too.
    expect(names(capClasses(images, 1))).toEqual(['a']);
    const other = [candidate('b', ['n', 'm']), candidate('a', ['m']), candidate('c', ['n'])];
    // `m` takes a first, then `n` takes b. If `n` came first, b alone would suffice.
    expect(names(capClasses(other, 1))).toEqual(['a', 'b']);
  });

  it('chooses one image of each photo before a second copy of any photo', () => {
    const images = [
      candidate('a', ['x'], { group: 'photo' }),
      candidate('b', ['x'], { group: 'photo' }),
      candidate('c', ['x'], { group: 'photo' }),
      candidate('d', ['x']),
      candidate('e', ['x']),
    ];
    expect(names(capClasses(images, 3))).toEqual(['a', 'd', 'e']);
    expect(names(capClasses(images, 4))).toEqual(['a', 'b', 'd', 'e']);
  });

  it('counts copies that were chosen for another class', () => {
    const images = [
      candidate('a', ['rare'], { group: 'photo' }),
      candidate('b', ['x'], { group: 'photo' }),
      candidate('c', ['x']),
      candidate('d', ['x']),
    ];
    expect(names(capClasses(images, 1))).toEqual(['a', 'c']);
  });
});

describe('photos that the cap leaves out', () => {
  const settings = { minClassImages: 2, perClassCap: 6, valSplit: 0.2 };
  const images = imagesOf('scar', 12);
  const pairs = new Map(images.map(({ image: { path } }, i) => [path, `photo ${i >> 1}`]));

  it('are counted if none of their copies is used', () => {
    expect(curated(images, settings).images.unusedPhotos).toBe(6);
  });

  it('are not counted if a copy is used', () => {
    expect(curated(images, settings, { groupOf: pairs }).images).not.toHaveProperty('unusedPhotos');
  });

  it('are not counted without class balancing', () => {
    expect(curated(images, { ...settings, enableBalance: false }).images).not.toHaveProperty('unusedPhotos');
  });
});
