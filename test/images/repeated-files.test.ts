import { expect, it } from '@jest/globals';
import { bufferSource } from '../../src/archive/source.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { processBatch } from '../../src/pipeline/process-batch.js';
import { picture, zipOf } from '../support/archives.js';

/** Preprocesses an archive of these files and returns the results with what was stored, by key. */
async function processed(files: Readonly<Record<string, Buffer>>, { losesCopies = false, tiles = 1 } = {}) {
  const settings = { ...DEFAULT_DATASET_SETTINGS, tiles };
  const names = Object.keys(files);
  const coco = {
    images: names.map((file_name, id) => ({ id, file_name, width: 96, height: 80 })),
    annotations: names.map((_, id) => ({ id, image_id: id, category_id: 1, bbox: [5, 5, 20, 20] })),
    categories: [{ id: 1, name: 'apple' }],
  };
  const source = bufferSource(await zipOf({ ...files, '_annotations.coco.json': JSON.stringify(coco) }));
  const { batches } = await inspect(source, settings);
  const [raw, stored, written] = [new Map<string, Buffer>(), new Map<string, Buffer>(), [] as string[]];
  const sink = {
    raw: async (path: string, bytes: Buffer) => void raw.set(path, bytes),
    preprocessed: async (key: string, { body }: { body: Buffer }) => {
      written.push(key);
      stored.set(key, body);
    },
    copied: async (from: string, to: string) => {
      const body = losesCopies ? undefined : stored.get(from);
      if (body) stored.set(to, body);
      return body !== undefined;
    },
  };
  const [batch] = batches;
  if (!batch) throw new Error('No batch.');
  const onImage = () => undefined;
  const { result, thumbnails } = await processBatch({
    ...{ source, batch, settings, sink, onImage },
    dataset: 'd',
  });
  return { images: result.images, thumbnails, raw, stored, written };
}

it('decodes and uploads a photo once that an archive contains under several names', async () => {
  const [photo, other] = [await picture(1, 2000, 1600), await picture(2)];
  const files = { 'a.jpg': photo, 'b.jpg': photo, 'c.jpg': other, 'd.jpg': photo };
  const { images, raw, stored, written } = await processed(files);
  expect(written).toHaveLength(2);
  expect(stored.size).toBe(4);
  expect(raw.size).toBe(4);
  const [first, ...copies] = images.filter(({ path }) => path !== 'c.jpg');
  for (const copy of copies) {
    if (first?.status !== 'preprocessed' || copy.status !== 'preprocessed') throw new Error('Rejected.');
    expect({ ...copy, path: first.path, key: first.key }).toEqual(first);
    expect(stored.get(copy.key)).toEqual(stored.get(first.key));
  }
});

it('gives each name of a photo the result that it has if it is the only one', async () => {
  const [photo, other] = [await picture(1), await picture(2)];
  const together = await processed({ 'a.jpg': photo, 'b.jpg': photo });
  const alone = await processed({ 'a.jpg': other, 'b.jpg': photo });
  expect(together.images[1]).toEqual(alone.images[1]);
  expect(together.thumbnails.subarray(4096)).toEqual(alone.thumbnails.subarray(4096));
});

it('stores the tiles of a photo under each of its names', async () => {
  const photo = await picture(1, 300, 200);
  const { stored, written } = await processed({ 'a.jpg': photo, 'b.jpg': photo }, { tiles: 2 });
  expect(written).toHaveLength(5);
  const tiles = (name: string) =>
    [...stored.keys()].filter((key) => new RegExp(`/${name}\\.[0-9a-f]{12}-[1-4]\\.jpg$`).test(key));
  expect([tiles('a').length, tiles('b').length, stored.size]).toEqual([4, 4, 10]);
});

it('stores a photo again if the object that it would copy is gone', async () => {
  const photo = await picture(1);
  const { images, stored, written } = await processed(
    { 'a.jpg': photo, 'b.jpg': photo },
    { losesCopies: true },
  );
  expect(written).toHaveLength(2);
  for (const image of images) expect(image.status === 'preprocessed' && stored.has(image.key)).toBe(true);
});

it('rejects each name of a damaged photo', async () => {
  const damaged = (await picture(1)).subarray(0, 300);
  const { images, raw } = await processed({ 'a.jpg': damaged, 'b.jpg': damaged });
  expect(images.map(({ path, status }) => [path, status])).toEqual([
    ['a.jpg', 'rejected'],
    ['b.jpg', 'rejected'],
  ]);
  expect(raw.size).toBe(2);
});
