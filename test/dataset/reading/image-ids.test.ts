import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, image, merge, readBox } from './coco-export.js';

describe('ids above 2^53', () => {
  it.each([
    '7706992903151817196',
    '20230714123456000',
    '-9007199254740993',
    '340282366920938463463374607431768211455',
  ])('ids such as %s are kept apart from adjacent ids', (id) => {
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

  it('ids above 2^53 do not change fractions with many digits', () => {
    expect(readBox({ bbox: [1.123456789012345, 2, 30, 40] }).box).toEqual([1.123456789012345, 2, 30, 40]);
  });
});

describe('the image of an annotation', () => {
  it.each([
    ['its file name', 'photos/a 1.jpg'],
    ['its bare file name', 'a 1.jpg'],
    ['its file name without extension', 'a 1'],
    ['its id with leading zeros', '0007'],
  ])('the image of an annotation is found by %s in image_id', (_what, imageId) => {
    const merged = merge(
      { 'c.json': { images: [image(7, 'photos/a 1.jpg')], annotations: [annotation(imageId)] } },
      ['photos/a 1.jpg'],
    );
    expect(merged.annotations).toEqual({ found: 1, dropped: {} });
  });

  it('the image of an annotation is not guessed if several images have that name', () => {
    const images = [image(1, 'x/a.jpg'), image(2, 'y/a.jpg')];
    const merged = merge({ 'c.json': { images, annotations: [annotation(1), annotation('a.jpg')] } }, [
      'x/a.jpg',
      'y/a.jpg',
    ]);
    expect(merged.findings[0]).toMatchObject({
      ...{ code: 'ANNOTATIONS_WITHOUT_IMAGE', count: 1 },
      examples: ['c.json: image_id "a.jpg"'],
    });
  });
});
