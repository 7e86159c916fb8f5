import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { Open } from 'unzipper';
import { isRoboflowName, sourceName } from '../../src/dataset/model/source-name.js';
import type { ExifOrientation } from '../../src/dataset/model/types.js';
import { createTextures } from '../../src/sample/noise.js';
import { drawPhoto } from '../../src/sample/photo.js';
import { planSample } from '../../src/sample/plan.js';
import { turnPixels } from '../../src/sample/turn.js';
import { writeSample } from '../../src/sample/write-sample.js';

interface Coco {
  categories: { id: number; name: string; supercategory: string }[];
  images: { id: number; file_name: string; width: number; height: number }[];
  annotations: {
    id: number;
    image_id: number;
    category_id: number;
    bbox: [number, number, number, number];
  }[];
}

const SPLITS = ['test', 'train', 'valid'];
const IMAGES = 30;
const SEED = 5;
const TURNS: ExifOrientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

async function draw(images: number, seed: number): Promise<Buffer> {
  const stream = new PassThrough();
  const [bytes] = await Promise.all([buffer(stream), writeSample({ out: stream, images, seed })]);
  return bytes;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let entries: Map<string, Buffer>;
let cocoFiles: Map<string, Coco>;
let directory: string;

function cocoOf(split: string): Coco {
  const coco = cocoFiles.get(split);
  if (coco === undefined) throw new Error(`no COCO file in ${split}`);
  return coco;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'curator-sample-'));
  const { files } = await Open.buffer(await draw(IMAGES, SEED));
  entries = new Map(await Promise.all(files.map(async (file) => [file.path, await file.buffer()] as const)));
  cocoFiles = new Map(
    SPLITS.map((split) => [
      split,
      JSON.parse(String(entries.get(`${split}/_annotations.coco.json`))) as Coco,
    ]),
  );
});

afterAll(() => rm(directory, { recursive: true }));

describe('a generated sample dataset', () => {
  it('a generated sample dataset has the layout of a Roboflow export', () => {
    const loose = [...entries.keys()].filter((path) => !path.includes('/'));
    expect(loose).toEqual(['README.dataset.txt', 'README.roboflow.txt']);
    const listed = SPLITS.flatMap((split) =>
      cocoOf(split).images.map((image) => `${split}/${image.file_name}`),
    );
    const stored = [...entries.keys()].filter((path) => path.endsWith('.jpg'));
    expect(new Set(stored)).toEqual(new Set(listed));
    expect(stored).toHaveLength(IMAGES);
    expect(listed).toHaveLength(IMAGES);
    expect(listed.every(isRoboflowName)).toBe(true);
    for (const split of SPLITS) {
      const { categories, images, annotations } = cocoOf(split);
      expect(categories[0]).toEqual({ id: 0, name: 'skin-lesions', supercategory: 'none' });
      expect(categories.slice(1).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
      expect(images.map(({ id }) => id)).toEqual(images.map((_, index) => index));
      expect(annotations.map(({ id }) => id)).toEqual(annotations.map((_, index) => index));
    }
  });

  it('contains every class, images without a lesion, boxes that are too small, and copies across splits', () => {
    const annotations = SPLITS.flatMap((split) => cocoOf(split).annotations);
    expect(new Set(annotations.map((box) => box.category_id))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(annotations.some(({ bbox }) => Math.min(bbox[2], bbox[3]) < 6)).toBe(true);
    const empty = SPLITS.map((split) => {
      const used = new Set(cocoOf(split).annotations.map((box) => box.image_id));
      return cocoOf(split).images.filter(({ id }) => !used.has(id)).length;
    });
    expect(Math.max(...empty)).toBeGreaterThan(0);
    const sources = (split: string) => cocoOf(split).images.map((image) => sourceName(image.file_name));
    expect(sources('valid').filter((source) => sources('train').includes(source)).length).toBeGreaterThan(0);
  });

  it('states the upright size of images and has boxes inside the image to half a pixel', async () => {
    let sideways = 0;
    for (const split of SPLITS) {
      const { images, annotations } = cocoOf(split);
      for (const image of images) {
        const meta = await sharp(entries.get(`${split}/${image.file_name}`)).metadata();
        expect([image.width, image.height]).toEqual([meta.autoOrient.width, meta.autoOrient.height]);
        if ((meta.orientation ?? 1) >= 5) sideways += 1;
        for (const { bbox } of annotations.filter((box) => box.image_id === image.id)) {
          const [left, top, width, height] = bbox;
          expect(Math.min(left, top)).toBeGreaterThan(-0.5);
          expect(left + width).toBeLessThan(image.width + 0.5);
          expect(top + height).toBeLessThan(image.height + 0.5);
          expect(Math.max(width, height)).toBeLessThan(200);
        }
      }
    }
    expect(sideways).toBeGreaterThan(0);
  });

  it('shows a lesion at the position of each box, in rotated images and copies too', async () => {
    let [contrasting, boxes] = [0, 0];
    for (const split of SPLITS) {
      const { images, annotations } = cocoOf(split);
      for (const image of images) {
        const { data } = await sharp(entries.get(`${split}/${image.file_name}`))
          .autoOrient()
          .toColourspace('b-w')
          .raw()
          .toBuffer({ resolveWithObject: true });
        const mean = (x: number, y: number) => {
          let [sum, count] = [0, 0];
          for (let py = Math.round(y) - 3; py <= y + 3; py += 1) {
            for (let px = Math.round(x) - 3; px <= x + 3; px += 1) {
              if (px < 0 || py < 0 || px >= image.width || py >= image.height) continue;
              sum += data[py * image.width + px] ?? 0;
              count += 1;
            }
          }
          return sum / count;
        };
        // Comedones have dark plugs: the centre of the box must be much darker than the skin at its corners.
        for (const { bbox, category_id } of annotations.filter((box) => box.image_id === image.id)) {
          const [left, top, width, height] = bbox;
          if (category_id !== 1 || Math.min(width, height) < 20) continue;
          boxes += 1;
          const corners = [mean(left, top), mean(left + width, top + height)];
          if (mean(left + width / 2, top + height / 2) < 0.8 * Math.min(...corners)) contrasting += 1;
        }
      }
    }
    expect(boxes).toBeGreaterThan(8);
    expect(contrasting / boxes).toBeGreaterThan(0.9);
  });

  it('shows photos upright by EXIF orientation and copies rotated as planned', async () => {
    const textures = createTextures(SEED);
    for (const file of planSample(IMAGES, SEED)) {
      if (file.orientation === 1 && file.turn === 1) continue;
      const { pixels } = drawPhoto(file.photo, textures, SEED);
      const jpeg = entries.get(`${file.split}/${file.fileName}`);
      const { data, info } = await sharp(jpeg).autoOrient().raw().toBuffer({ resolveWithObject: true });
      const differences = TURNS.map((turn) => {
        const candidate = turnPixels(pixels, turn);
        if (candidate.width !== info.width) return Number.POSITIVE_INFINITY;
        let sum = 0;
        for (let i = 0; i < data.length; i += 101) sum += Math.abs((data[i] ?? 0) - (candidate.rgb[i] ?? 0));
        return sum;
      });
      expect(TURNS[differences.indexOf(Math.min(...differences))]).toBe(file.turn);
    }
  });
});

describe('writeSample', () => {
  it('writes the same bytes for the same seed and others for another seed', async () => {
    const first = sha256(await draw(10, 1));
    expect(sha256(await draw(10, 1))).toBe(first);
    expect(sha256(await draw(10, 2))).not.toBe(first);
  });

  it('leaves no partial file and no changed file when it fails', async () => {
    const out = join(directory, 'is-a-directory');
    await writeFile(join(directory, 'other.zip'), 'old');
    await expect(writeSample({ out: join(out, 'missing', 'x.zip'), images: 10, seed: 1 })).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['other.zip']);
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
    await expect(writeSample({ out: full, images: 10, seed: 1 })).rejects.toThrow('no space left');
  });

  it('returns the number of images that it wrote', async () => {
    const seen: number[] = [];
    const out = join(directory, 'counted.zip');
    const result = await writeSample({ out, images: 10, seed: 3 }, (done, total) => seen.push(done / total));
    const { files } = await Open.file(out);
    expect(files.filter((file) => file.path.endsWith('.jpg'))).toHaveLength(result.images);
    expect(seen.at(-1)).toBe(1);
    await rm(out);
  });
});
