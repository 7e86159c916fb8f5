import { describe, expect, it } from '@jest/globals';
import { annotation, type Coco, image, merge } from './coco-export.js';

const names = ['a', 'b', 'c', 'd'].map((name) => `${name}.jpg`);
const coco = (...of: readonly string[]): Coco => ({
  images: of.map((name, i) => image(i, name)),
  annotations: of.map((_, i) => annotation(i)),
});

const rejectedPaths = (files: Readonly<Record<string, Coco>>, paths: readonly string[]) =>
  merge(files, paths).rejected.map(({ path }) => path);

describe('a missing image', () => {
  it.each([
    ['', 'annotations/c.json'],
    ['images/', 'annotations/c.json'],
    ['data/', 'labels.json'],
    ['', 'c.json'],
  ])('a missing image is reported in the folder of the other images: "%s" for %s', (folder, json) => {
    const paths = names.slice(1).map((name) => folder + name);
    expect(rejectedPaths({ [json]: coco(...names) }, paths)).toEqual([`${folder}a.jpg`]);
  });

  it('a missing image is reported with the folder that its file_name states', () => {
    const named = names.map((name) => `train/${name}`);
    const paths = named.slice(1).map((name) => `images/${name}`);
    expect(rejectedPaths({ 'annotations/c.json': coco(...named) }, paths)).toEqual(['images/train/a.jpg']);
  });

  it('a missing image is counted once per split if splits have images of the same names', () => {
    const files = { 'annotations/train.json': coco(...names), 'annotations/val.json': coco(...names) };
    const paths = ['train', 'val'].flatMap((split) =>
      names.slice(1).map((name) => `images/${split}/${name}`),
    );
    expect(rejectedPaths(files, paths)).toEqual(['images/train/a.jpg', 'images/val/a.jpg']);
  });
});
