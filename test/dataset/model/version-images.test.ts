import { describe, expect, it } from '@jest/globals';
import { versionImageLines } from '../../../src/dataset/model/version-images.js';
import { textOf } from '../../../src/lib/text-lines.js';
import { versionImagesOf } from '../../support/json-lines.js';
import { boxOf, curated, drawn, imagesOf } from '../curating/images.js';

const SMALL = { minClassImages: 2, perClassCap: 100, valSplit: 0.2 };

describe('images.jsonl', () => {
  it('images.jsonl has one line per manifest image, sorted by key, with its photo and boxes', () => {
    const images = imagesOf('acne', 12);
    const groupOf = new Map(
      images.map(({ image }, i) => [image.path, `photo${String(i >> 1).padStart(2, '0')}`]),
    );
    const { train, val } = curated(images, SMALL, { groupOf });
    const text = textOf(versionImageLines(train, val));
    const lines = versionImagesOf(text);
    expect(lines.map(({ key }) => key)).toEqual(images.map(({ result }) => result.key));
    expect(lines.filter(({ split }) => split === 'val').map(({ path }) => path)).toEqual(
      val.map(({ path }) => path),
    );
    for (const { path, photo } of lines) expect(photo).toBe(groupOf.get(path));
    expect(text.split('\n')[0]).toBe(
      `{"path":"acne0000.jpg","key":"datasets/d/preprocessed/acne0000.jpg","split":"${lines[0]?.split}","photo":"photo00",` +
        '"sourceSha256":"acne0000.jpg","width":640,"height":480,' +
        '"boxes":[{"label":"acne","left":10,"top":20,"width":100,"height":100}]}',
    );
    expect(text.endsWith('\n')).toBe(true);
  });

  it('images.jsonl has the same bytes for any order of the images', () => {
    const images = [...imagesOf('acne', 15), drawn('two.jpg', [boxOf('mole'), boxOf('acne', { x: 300 })])];
    const { train, val } = curated(images, SMALL);
    const other = curated([...images].reverse(), SMALL);
    expect(textOf(versionImageLines([...other.train].reverse(), other.val))).toBe(
      textOf(versionImageLines(train, val)),
    );
  });
});
