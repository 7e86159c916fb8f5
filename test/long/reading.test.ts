import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { ArchiveEntry } from '../../src/dataset/model/types.js';
import { jsonInMemory } from '../../src/dataset/reading/json-file.js';
import { type MergedDataset, mergeCoco } from '../../src/dataset/reading/merge.js';
import { mergedCocoJson } from '../../src/dataset/reading/merged-json.js';
import { planBatches } from '../../src/dataset/reading/plan.js';
import { finish } from '../support/steps.js';

const DATASETS = fileURLToPath(new URL('../../../shared/datasets/', import.meta.url));
const present = existsSync(join(DATASETS, 'acne-types-roboflow.zip'));
const real = present ? describe : describe.skip;

interface Counts {
  readonly images: number;
  readonly found: number;
  readonly withoutBox: number;
  readonly cocoFiles: number;
  /** Number of images that have the same box in two classes. */
  readonly inTwoClasses: number;
  /** Number of annotations per class. */
  readonly labels: Readonly<Record<string, number>>;
}

real(`reading the real exports${present ? '' : ' (skipped: ../shared/datasets is missing)'}`, () => {
  it.each<[string, Counts]>([
    [
      'acne-types-roboflow.zip',
      {
        images: 1130,
        found: 1345,
        withoutBox: 0,
        cocoFiles: 3,
        inTwoClasses: 0,
        labels: { blackhead: 251, nodule: 227, papule: 315, pustule: 344, whitehead: 208 },
      },
    ],
    [
      'rbc-roboflow.zip',
      {
        images: 240,
        found: 5638,
        withoutBox: 0,
        cocoFiles: 3,
        inTwoClasses: 4,
        labels: { rbc: 5387, wbc: 251 },
      },
    ],
    [
      'cavity-roboflow-noresize.zip',
      {
        images: 418,
        found: 5030,
        withoutBox: 3,
        cocoFiles: 3,
        inTwoClasses: 0,
        labels: { cavity: 2040, normal: 2990 },
      },
    ],
    [
      'cards-roboflow-flat.zip',
      {
        images: 145,
        found: 6695,
        withoutBox: 0,
        cocoFiles: 1,
        inTwoClasses: 0,
        labels: {
          '10': 131,
          '2': 135,
          '3': 131,
          '4': 129,
          '5': 123,
          '6': 141,
          '7': 113,
          '8': 136,
          '9': 111,
          A: 129,
          J: 109,
          K: 113,
          Q: 147,
          club: 1271,
          dimond: 1164,
          heart: 1192,
          spade: 1420,
        },
      },
    ],
    [
      'robot-roboflow-mostlyunlabelled.zip',
      {
        images: 189,
        found: 58,
        withoutBox: 131,
        cocoFiles: 3,
        inTwoClasses: 0,
        labels: { Kanan: 16, Kiri: 12, Maju: 14, Mundur: 16 },
      },
    ],
  ])('reads the classes and counts of %s', (zip, expected) => {
    const { merged, entries } = read(zip);
    expect(countsOf(merged)).toEqual(expected);
    expect(merged).toMatchObject({ rejected: [], unlisted: [], annotations: { dropped: {} } });
    expect(merged.findings.filter(({ code }) => code !== 'BOXES_IN_TWO_CLASSES')).toEqual([]);
    const planned = planBatches(merged.images, entries).flatMap(({ images }) => images);
    expect(planned.map(({ image }) => image.path).sort()).toEqual(
      merged.images.map(({ path }) => path).sort(),
    );
  });
});

/** Reads the files of an archive that another tool unpacked, in the same way as the inspection does. */
function read(zip: string): { merged: MergedDataset; entries: ArchiveEntry[] } {
  const folder = mkdtempSync(join(tmpdir(), 'curator-reading-'));
  try {
    execFileSync('python3', ['-m', 'zipfile', '-e', join(DATASETS, zip), folder]);
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      statSync(join(folder, path)).isFile(),
    );
    const entries = paths.map((path, offset): ArchiveEntry => {
      const { size } = statSync(join(folder, path));
      return {
        path,
        offset,
        size,
        compressedSize: size,
        crc32: 0,
        method: 0,
        modified: '2025-01-01T00:00:00',
      };
    });
    const json = paths
      .filter((path) => path.endsWith('.json'))
      .map((path) => jsonInMemory(path, readFileSync(join(folder, path))));
    return { merged: finish(mergeCoco(json, entries, { keepCrowd: false })), entries };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function countsOf({ images, annotations, cocoFiles, labels, findings }: MergedDataset): Counts {
  const boxes = images.flatMap((image) => image.boxes);
  const byLabel = new Map(labels.map((label) => [label, 0]));
  for (const { label } of boxes) byLabel.set(label, (byLabel.get(label) ?? 0) + 1);
  return {
    images: images.length,
    found: annotations.found,
    withoutBox: images.filter((image) => image.boxes.length === 0).length,
    cocoFiles: cocoFiles.length,
    inTwoClasses: findings.find(({ code }) => code === 'BOXES_IN_TWO_CLASSES')?.count ?? 0,
    labels: Object.fromEntries(byLabel),
  };
}

describe('a COCO file of a million annotations', () => {
  const IMAGES = 200_000;

  /** Builds a COCO file with a polygon per box, as exporters write it. It is built in blocks because of its size. */
  function largeCoco(): Buffer {
    const name = (i: number) => `img_${String(i).padStart(6, '0')}.jpg`;
    const list = (length: number, make: (i: number) => object) =>
      Buffer.concat(
        Array.from({ length: length / 1000 }, (_, block) => {
          const records = Array.from({ length: 1000 }, (_item, i) => JSON.stringify(make(block * 1000 + i)));
          return Buffer.from(`${block === 0 ? '' : ','}${records.join(',')}`);
        }),
      );
    return Buffer.concat([
      Buffer.from('{"images":['),
      list(IMAGES, (id) => ({ id, license: 1, file_name: name(id), height: 480, width: 640 })),
      Buffer.from('],"annotations":['),
      list(5 * IMAGES, (id) => {
        const [x, y] = [(id % 300) + 0.25, (id % 200) + 0.5];
        return {
          id,
          image_id: Math.floor(id / 5),
          category_id: id % 80,
          bbox: [x, y, 30.5, 40.25],
          area: 1227.625,
          segmentation: [[x, y, x + 30.5, y, x + 30.5, y + 40.25, x, y + 40.25]],
          iscrowd: 0,
        };
      }),
      Buffer.from('],"categories":['),
      Buffer.from(
        Array.from({ length: 80 }, (_, id) => JSON.stringify({ id, name: `class ${id}` })).join(','),
      ),
      Buffer.from(']}'),
    ]);
  }

  it('a COCO file of a million annotations is read completely', () => {
    const bytes = largeCoco();
    const entries = Array.from({ length: IMAGES }, (_, i): ArchiveEntry => {
      const path = `images/img_${String(i).padStart(6, '0')}.jpg`;
      return { path, offset: i, size: 1, compressedSize: 1, crc32: 0, method: 0, modified: '' };
    });
    const before = performance.now();
    const pass = mergeCoco([jsonInMemory('annotations.json', bytes)], entries, { keepCrowd: false });
    let [longest, last] = [0, before];
    const merged = finish({
      next: () => {
        const step = pass.next();
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
        return step;
      },
    });
    const seconds = (performance.now() - before) / 1000;
    expect(merged.images).toHaveLength(IMAGES);
    expect(merged.annotations).toEqual({ found: 5 * IMAGES, dropped: {} });
    const hash = createHash('sha256');
    for (const chunk of mergedCocoJson(merged)) hash.update(chunk);
    const megabytes = (count: number) => Math.round(count / 1024 / 1024);
    process.stdout.write(
      `${IMAGES} images, ${megabytes(bytes.length)} MB of JSON: merged in ${seconds.toFixed(1)} s, maximum ${(longest / 1000).toFixed(1)} s between two pauses; ` +
        `maximum memory ${megabytes(process.resourceUsage().maxRSS * 1024)} MB; merged JSON ${hash.digest('hex').slice(0, 12)}\n`,
    );
  });
});
