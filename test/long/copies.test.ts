import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { findCopies } from '../../src/dataset/copies/find-copies.js';
import { type Candidate, sortKeyOf } from '../../src/dataset/model/candidates.js';
import { sourceName } from '../../src/dataset/model/source-name.js';
import { splitImages } from '../../src/dataset/splitting/split.js';
import { preprocessImage } from '../../src/images/preprocess.js';
import { DisjointSets } from '../../src/lib/disjoint-sets.js';

const DATASETS = resolve('../shared/datasets');
const SIDE = 96;

interface Photos {
  readonly paths: readonly string[];
  readonly bytes: readonly Buffer[];
  readonly shas: readonly string[];
  readonly groups: ReadonlyMap<string, string>;
  /** Sizes of the groups in descending order. */
  readonly sizes: readonly number[];
}

function onDataset(zip: string, check: (photos: () => Photos) => void): void {
  const path = join(DATASETS, zip);
  const there = existsSync(path);
  (there ? describe : describe.skip)(there ? zip : `${zip} (skipped: not in ${DATASETS})`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'curator-copies-'));
    let photos: Photos | undefined;
    beforeAll(async () => {
      execFileSync('python3', ['-m', 'zipfile', '-e', path, folder]);
      photos = await readPhotos(folder);
      // Decodes up to 1,130 photos, beside other long tests.
    }, 600_000);
    afterAll(() => rmSync(folder, { recursive: true }));
    check(() => {
      if (!photos) throw new Error('The dataset was not read.');
      return photos;
    });
  });
}

async function readPhotos(folder: string): Promise<Photos> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(jpe?g|png)$/i.test(path))
    .sort();
  const bytes = paths.map((path) => readFileSync(join(folder, path)));
  const thumbnails: Uint8Array[] = [];
  for (const body of bytes) {
    const image = await preprocessImage(body, { imageMaxSide: 1280 });
    if ('reason' in image) throw new Error(image.message);
    thumbnails.push(image.thumbnail64);
  }
  const shas = bytes.map((body) => createHash('sha256').update(body).digest('hex'));
  const groups = findCopies(
    paths.map((path, i) => ({ path, sourceSha256: shas[i] ?? '' })),
    (index) => thumbnails[index] ?? new Uint8Array(),
  );
  const counts = new Map<string, number>();
  for (const group of groups.values()) counts.set(group, (counts.get(group) ?? 0) + 1);
  return { paths, bytes, shas, groups, sizes: [...counts.values()].sort((a, b) => b - a) };
}

/** Compares all pairs: mean difference in luma at 96 px, in the best of 8 orientations, if it is below a limit. */
async function closePairs({ bytes }: Photos, limit: number): Promise<[number, number, number][]> {
  const turnsOf = async (body: Buffer) => {
    const upright = await sharp(body).greyscale().resize(SIDE, SIDE, { fit: 'fill' }).raw().toBuffer();
    return await Promise.all(
      [0, 90, 180, 270].flatMap((angle) =>
        [false, true].map(async (mirror) => {
          const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
          return await sharp(upright, { raw }).flop(mirror).rotate(angle).greyscale().raw().toBuffer();
        }),
      ),
    );
  };
  const turned: Buffer[][] = [];
  for (const body of bytes) turned.push(await turnsOf(body));
  const pairs: [number, number, number][] = [];
  turned.forEach(([a], i) => {
    for (let j = i + 1; j < turned.length; j++) {
      const best = Math.min(...(turned[j] ?? []).map((b) => difference(a ?? b, b, limit)));
      if (best < limit) pairs.push([i, j, best]);
    }
  });
  return pairs;
}

function difference(a: Buffer, b: Buffer, limit: number): number {
  const enough = limit * SIDE * SIDE;
  let sum = 0;
  // Math is avoided: tests run in a VM context, where each access to a global costs more than the rest of the loop.
  for (let i = 0; i < SIDE * SIDE && sum < enough; i++) {
    const apart = (a[i] ?? 0) - (b[i] ?? 0);
    sum += apart < 0 ? -apart : apart;
  }
  return sum / (SIDE * SIDE);
}

/** Candidates that all have one class, so that only the groups matter. */
const candidatesOf = ({ paths, shas, groups }: Photos, seed: number): Candidate[] =>
  paths.map((path, i) => ({
    path,
    key: path,
    size: { width: 640, height: 640 },
    boxes: [{ label: 'x', left: 0, top: 0, width: 10, height: 10 }],
    group: groups.get(path) ?? path,
    unit: groups.get(path) ?? path,
    sourceSha256: shas[i] ?? '',
    sortKey: sortKeyOf(seed, path),
    exported: null,
  }));

const split = (path: string) => path.slice(0, path.indexOf('/'));

onDataset('acne-types-roboflow.zip', (photos) => {
  it('groups exactly the photos that a comparison of all pairs finds similar', async () => {
    const { paths, groups } = photos();
    const pairs = await closePairs(photos(), 6);
    const groupAt = (index: number) => groups.get(paths[index] ?? '');
    const verified = pairs.filter(([, , apart]) => apart < 2);
    expect(verified.length).toBeGreaterThan(1200);
    expect(verified.filter(([a, b]) => groupAt(a) !== groupAt(b))).toEqual([]);

    // Every group is connected by similar pairs: no photo is added because of its name only.
    const close = new DisjointSets(paths.length);
    for (const [a, b] of pairs) close.join(a, b);
    const first = new Map<string | undefined, number>();
    const strangers = paths.filter((_, i) => {
      const mate = first.get(groupAt(i)) ?? i;
      first.set(groupAt(i), mate);
      return !close.joined(mate, i);
    });
    expect(strangers).toEqual([]);

    // No similar pair is divided between the two manifests, whatever the seed.
    for (const seed of [0, 1, 2]) {
      const { train, val } = splitImages(candidatesOf(photos(), seed), 0.1);
      expect(val).toHaveLength(113);
      const sides = new Map([
        ...train.map(({ path }) => [path, 't'] as const),
        ...val.map(({ path }) => [path, 'v'] as const),
      ]);
      const side = (index: number) => sides.get(paths[index] ?? '');
      expect(verified.filter(([a, b]) => side(a) !== side(b))).toEqual([]);
    }
  }, 900_000);

  it('keeps unrelated photos with one generic name apart', () => {
    const { paths, groups } = photos();
    const ofName = (name: string) => paths.filter((path) => sourceName(path) === name);
    const groupsOf = (name: string) => new Set(ofName(name).map((path) => groups.get(path)));
    expect(ofName('12_jpg').length).toBeGreaterThan(1);
    expect(groupsOf('12_jpg').size).toBeGreaterThan(1);
    const shared = [...new Set(paths.map(sourceName))].filter((name) => groupsOf(name).size > 1);
    expect(shared.length).toBeGreaterThanOrEqual(10);
  });

  it('finds about 480 photos in 1130 files, and the number of leaking valid and test images', () => {
    const { paths, groups, sizes } = photos();
    expect(paths).toHaveLength(1130);
    expect(sizes.length).toBeGreaterThanOrEqual(460);
    expect(sizes.length).toBeLessThanOrEqual(485);
    expect(sizes[0]).toBeLessThanOrEqual(8);
    const splits = new Map<string, Set<string>>();
    for (const path of paths) {
      const group = groups.get(path) ?? '';
      splits.set(group, (splits.get(group) ?? new Set()).add(split(path)));
    }
    const leaks = paths.filter(
      (path) => split(path) !== 'train' && (splits.get(groups.get(path) ?? '')?.size ?? 0) > 1,
    );
    expect(leaks.length).toBeGreaterThanOrEqual(275);
    expect(leaks.length).toBeLessThanOrEqual(290);
  });
});

onDataset('cards-roboflow-flat.zip', (photos) => {
  it('keeps different photos of one table apart', () => {
    expect(photos().sizes).toEqual(new Array(145).fill(1));
  });
});

onDataset('rbc-roboflow.zip', (photos) => {
  it('groups the three augmented files of each of 70 photos, and no others', () => {
    const { paths, groups, sizes } = photos();
    expect(sizes).toEqual([...new Array(70).fill(3), ...new Array(30).fill(1)]);
    const sources = new Map<string, Set<string>>();
    for (const path of paths) {
      const group = groups.get(path) ?? '';
      sources.set(group, (sources.get(group) ?? new Set()).add(sourceName(path)));
    }
    expect([...sources.values()].filter(({ size }) => size > 1)).toEqual([]);
  });
});

onDataset('robot-roboflow-mostlyunlabelled.zip', (photos) => {
  it('groups files with the same bytes, in a dataset with few photos', () => {
    const { paths, groups, shas, sizes } = photos();
    expect(paths.length - new Set(shas).size).toBe(22);
    const bySha = new Map<string, Set<string | undefined>>();
    paths.forEach((path, i) => {
      const sha = shas[i] ?? '';
      bySha.set(sha, (bySha.get(sha) ?? new Set()).add(groups.get(path)));
    });
    expect([...bySha.values()].filter(({ size }) => size > 1)).toEqual([]);
    expect(sizes.length).toBeLessThanOrEqual(20);
  });
});
