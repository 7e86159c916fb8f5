import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, type Coco, image, merge, readBox, refusal } from './coco-export.js';

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

describe('ids that annotations write differently than records', () => {
  const CLASSES = ['bolt', 'nut'];
  const files = Array.from({ length: 12 }, (_, i) => `p${i}.jpg`);
  const padded = (id: number) => String(id).padStart(4, '0');

  /** Image `i` has the id `i + 1` and one box of class `1 + (i % 2)`, each id written as given. */
  const cocoOf = (
    [ofRecord, ofAnnotation]: readonly [(id: number) => string | number, (id: number) => string | number],
    names = files,
  ) => ({
    images: names.map((name, i) => image(ofRecord(i + 1), name)),
    annotations: names.map((_, i) =>
      annotation(ofAnnotation(i + 1), { category_id: ofAnnotation(1 + (i % 2)) }),
    ),
    categories: CLASSES.map((name, i) => ({ id: ofRecord(i + 1), name })),
  });
  const labelsOf = (coco: Coco, names = files) =>
    merge({ 'c.json': coco }, names).images.map(({ path, boxes }) => [path, boxes.map(({ label }) => label)]);
  const expected = (names: readonly string[]) =>
    names.map((path, i) => [path, [CLASSES[i % 2]]]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));

  it.each<[string, (id: number) => string | number, (id: number) => string | number]>([
    ['leading zeros in annotations', (id) => id, padded],
    ['leading zeros in records', padded, (id) => id],
    ['different numbers of leading zeros', (id) => `0${id}`, padded],
    ['spaces', (id) => ` ${id}`, (id) => `${id} `],
    ['a fraction of zero, as pandas writes it', (id) => id, (id) => `${id}.0`],
  ])('ids are read as the same numbers, with a warning, if they differ in %s', (_what, ...written) => {
    const coco = cocoOf(written);
    expect(labelsOf(coco)).toEqual(expected(files));
    const [finding, ...others] = merge({ 'c.json': coco }, files).findings;
    expect(finding).toMatchObject({ code: 'IDS_REWRITTEN', count: 12, unit: 'annotations' });
    expect(finding?.examples[0]).toMatch(/^c\.json: category_id "/);
    expect(others).toEqual([]);
  });

  it('an id with leading zeros is not guessed if several records are the same number', () => {
    const images = [image('1', 'a.jpg'), image('01', 'b.jpg')];
    const coco = { images, annotations: [annotation('1'), annotation('01'), annotation('001')] };
    const merged = merge({ 'c.json': coco }, ['a.jpg', 'b.jpg']);
    expect(merged.images.map(({ boxes }) => boxes.length)).toEqual([1, 1]);
    expect(merged.findings).toMatchObject([
      { code: 'ANNOTATIONS_WITHOUT_IMAGE', count: 1, examples: ['c.json: image_id "001"'] },
    ]);
  });

  it.each<[string, number]>([
    ['too low', -1],
    ['too high', 1],
  ])('ids with leading zeros that are %s by one are refused', (_what, by) => {
    const coco = cocoOf([padded, (id) => id + by]);
    expect(refusal({ 'c.json': coco }, files).message).toContain(
      'the ids of images seem to be shifted by one',
    );
  });

  it('numbers with leading zeros are ids if these give more images than the names of files do', () => {
    const names = files.map((_, i) => `${padded(i)}.jpg`);
    expect(labelsOf(cocoOf([(id) => id, padded], names), names)).toEqual(expected(names));
  });

  it('numbers with leading zeros are names of files if these give more images than the ids do', () => {
    const names = files.map((_, i) => `${padded(i + 2)}.jpg`);
    const coco = {
      images: names.map((name, i) => image(i + 1, name)),
      annotations: names.map((_, i) => annotation(padded(i + 2))),
    };
    expect(merge({ 'c.json': coco }, names).images.map(({ boxes }) => boxes.length)).toEqual(
      names.map(() => 1),
    );
  });

  it('numbers with leading zeros are refused if they can be ids and names of other files', () => {
    const names = files.map((_, i) => `${padded(i)}.jpg`);
    const coco = {
      images: names.map((name, i) => image(i + 1, name)),
      annotations: names.slice(1, 10).map((_, i) => annotation(padded(i + 1))),
    };
    expect(refusal({ 'c.json': coco }, names).message).toBe(
      'c.json: image_ids of annotations can be file names or ids in another spelling, which are different images: "0001" is the name of "0001.jpg" and the id of "0000.jpg". Write the id of its image into each annotation, as the image record has it.',
    );
  });
});

describe('image_ids that are ids of some images and names of others', () => {
  const COUNT = 60;
  const images = Array.from({ length: COUNT }, (_, i) => i + 1);
  /** Sizes that differ from image to image, so that a box at the edge of one lies beyond others. */
  const sizeOf = (id: number) => ({ width: 100 + ((id * 37) % 60), height: 100 + ((id * 53) % 60) });
  /** Image 1 is 10.jpg, image 2 is 11.jpg and so on; each has one box at its lower right edge. */
  const cocoOf = ({ imageIdOf = (id: number): number => id, isSized = true, first = 10 }) => ({
    images: images.map((id) => ({
      id,
      file_name: `${id - 1 + first}.jpg`,
      ...(isSized ? sizeOf(id) : { width: 300, height: 300 }),
    })),
    annotations: images.map((id) => {
      const { width, height } = sizeOf(id);
      return annotation(imageIdOf(id), { bbox: [width - 40, height - 30, 40, 30] });
    }),
    categories: CATEGORIES.slice(1, 2),
  });
  const pathsOf = (coco: Coco) => coco.images.map((record) => String(Object.entries(record)[1]?.[1]));
  /** The image of the box of each image: its lower right corner shows where it was drawn. */
  const drawn = (coco: Coco) =>
    merge({ 'c.json': coco }, pathsOf(coco)).images.map(({ path, boxes }) => [
      path,
      boxes.map(({ x, y }) => [x + 40, y + 30]),
    ]);
  const right = (first: number) =>
    images
      .map((id) => [`${id - 1 + first}.jpg`, [Object.values(sizeOf(id))]] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const asNames = (id: number) => id + 9;

  it('image_ids are read as names of files throughout a COCO file if boxes fit their images only then', () => {
    expect(drawn(cocoOf({ imageIdOf: asNames }))).toEqual(right(10));
  });

  it('image_ids are read as ids throughout a COCO file, though most of them are names of other files', () => {
    expect(drawn(cocoOf({}))).toEqual(right(10));
    expect(drawn(cocoOf({ isSized: false }))).toEqual(right(10));
  });

  it('an image_id without a record is not read as the name of another image if the others are ids', () => {
    const all = cocoOf({ isSized: false, first: 2 });
    const coco = { ...all, images: all.images.filter(({ id }) => id !== 30) };
    const merged = merge({ 'c.json': coco }, pathsOf(coco));
    expect(merged.annotations.dropped).toEqual({ 'unknown-image': 1 });
    expect(merged.images.every(({ boxes }) => boxes.length <= 1)).toBe(true);
  });

  it('image_ids are read as names of files if far fewer of them are ids', () => {
    expect(drawn(cocoOf({ isSized: false, first: 40, imageIdOf: (id) => id + 39 }))).toEqual(right(40));
  });

  it('a COCO file is refused if its image_ids are nearly as often ids as names of other files, and no box shows which', () => {
    const coco = cocoOf({ isSized: false, first: 6, imageIdOf: (id) => id + 5 });
    expect(refusal({ 'c.json': coco }, pathsOf(coco)).message).toBe(
      'c.json: image_ids of annotations can be file names or ids, which are different images: "10" is the name of "10.jpg" and the id of "15.jpg". Write the id of its image into each annotation, as the image record has it.',
    );
  });

  it('image_ids are read as names of files in each COCO file of an export if boxes of one file show it', () => {
    const names = { first: 6, imageIdOf: (id: number) => id + 5 };
    const train = cocoOf(names);
    const files = {
      'train/_annotations.coco.json': train,
      'valid/_annotations.coco.json': cocoOf({ ...names, isSized: false }),
    };
    const paths = ['train', 'valid'].flatMap((split) => pathsOf(train).map((path) => `${split}/${path}`));
    const read = merge(files, paths).images.map(({ path, boxes }) => [
      path,
      boxes.map(({ x, y }) => [x + 40, y + 30]),
    ]);
    expect(read).toEqual(
      ['train', 'valid'].flatMap((split) => right(6).map(([path, boxes]) => [`${split}/${path}`, boxes])),
    );
  });
});
