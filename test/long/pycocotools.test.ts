import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Box } from '../../src/dataset/model/types.js';
import { judgeImage } from '../../src/evaluation/error-kinds.js';
import { summarizeErrors } from '../../src/evaluation/error-summary.js';
import { type Detection, evaluateLabel, type TestImage } from '../../src/evaluation/metrics.js';
import { createRandom, type Random } from '../../src/lib/random.js';
import { installPythonClients } from '../support/python-clients.js';

const SCRIPT = fileURLToPath(new URL('../support/pycocotools_ap.py', import.meta.url));
const LABELS = ['acne', 'mole', 'scar'];
const IMAGES = 80;
/**
 * COCO reads precision at given recalls, 101 by default; Curator computes the area under the same curve. With 20,000
 * recalls, each in the middle of its step, COCO's mean equals that area except for the steps that contain a jump.
 */
const RECALLS = 20_000;

const python = await installPythonClients(['pycocotools>=2.0.7,<3', 'numpy']);
const suite = 'missing' in python ? describe.skip : describe;
const why = 'missing' in python ? ` (skipped: ${python.missing})` : '';
const bin = 'missing' in python ? '' : python.bin;

function boxOf(random: Random, label: string): Box {
  const [width, height] = [random.integer(20, 120), random.integer(20, 120)];
  return { label, left: random.integer(0, 500), top: random.integer(0, 500), width, height };
}

/** Detections that are exact, shifted, repeated, missing and false. No two confidences are equal. */
function randomImages(seed: number): TestImage[] {
  const random = createRandom(seed);
  const near = (value: number, by: number) => value + random.between(-by, by);
  const sure = (box: Box): Detection => ({ ...box, confidence: random.next() });
  return Array.from({ length: IMAGES }, () => {
    const truth = Array.from({ length: random.integer(0, 7) }, () =>
      boxOf(random, random.pick(['acne', 'mole', 'scar'])),
    );
    const found = truth.flatMap((box) =>
      Array.from({ length: random.integer(0, 2) }, () =>
        sure({
          ...box,
          left: near(box.left, 15),
          top: near(box.top, 15),
          width: near(box.width, 9),
          height: near(box.height, 9),
        }),
      ),
    );
    const wrong = Array.from({ length: random.integer(0, 3) }, () =>
      sure(boxOf(random, random.pick(['acne', 'mole', 'scar']))),
    );
    return { truth, detections: [...found, ...wrong] };
  });
}

const category = (label: string) => LABELS.indexOf(label) + 1;
const bbox = ({ left, top, width, height }: Box) => [left, top, width, height];

interface Counts {
  readonly found: number;
  readonly missed: number;
  readonly falseAlarms: number;
}

/** Average precision, recall and counts of errors of each label by Curator and by COCO. */
function evaluateBoth(images: readonly TestImage[]) {
  const metrics = LABELS.map((label) => evaluateLabel(label, images));
  const thresholds = new Map(metrics.map(({ label, threshold }) => [label, threshold]));
  const { classes } = summarizeErrors(
    images.map((image) => judgeImage(image, thresholds)),
    LABELS,
  );
  const annotations = images.flatMap(({ truth }, image) =>
    truth.map((box) => ({
      image_id: image + 1,
      category_id: category(box.label),
      bbox: bbox(box),
      area: box.width * box.height,
      iscrowd: 0,
    })),
  );
  const input = {
    truth: {
      images: images.map((_, image) => ({ id: image + 1 })),
      categories: LABELS.map((name) => ({ id: category(name), name })),
      annotations: annotations.map((annotation, index) => ({ id: index + 1, ...annotation })),
    },
    detections: images.flatMap(({ detections }, image) =>
      detections.map((one) => ({
        image_id: image + 1,
        category_id: category(one.label),
        bbox: bbox(one),
        score: one.confidence,
      })),
    ),
    thresholds: [...thresholds.values()],
    recalls: Array.from({ length: RECALLS }, (_, i) => (i + 0.5) / RECALLS),
  };
  const { stdout, stderr, status } = spawnSync(join(bin, 'python'), [SCRIPT], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  if (status !== 0) throw new Error(stderr);
  const theirs = JSON.parse(stdout) as { precisions: number[]; recall: number; counts: Counts }[];
  return metrics.map((ours, index) => ({
    ...{ ours, counts: classes[index] },
    theirs: theirs[index] ?? { precisions: [], recall: Number.NaN, counts: undefined },
  }));
}

suite(`the evaluation compared with pycocotools${why}`, () => {
  afterAll(async () => {
    if (!('missing' in python)) await python.remove();
  });

  it.each([1, 2, 3])(
    'computes average precision and recall as COCO does at an IoU of 0.5 on random detections %i',
    (seed) => {
      for (const { ours, theirs } of evaluateBoth(randomImages(seed))) {
        const area = theirs.precisions.reduce((sum, precision) => sum + precision, 0) / RECALLS;
        expect(ours.averageRecall).toBeGreaterThan(0.3);
        expect(ours.averageRecall).toBeLessThan(1);
        expect(Math.abs(ours.averageRecall - theirs.recall)).toBeLessThan(1e-9);
        // Each detected object makes at most one jump in the curve, and each jump shifts the mean by at most one step.
        expect(Math.abs(ours.averagePrecision - area)).toBeLessThan(1 / RECALLS);
      }
    },
    60_000,
  );

  it.each([4, 5, 6])(
    'counts objects found and missed and false alarms as COCO does at the thresholds of the classes on random detections %i',
    (seed) => {
      for (const { counts, theirs } of evaluateBoth(randomImages(seed))) {
        expect(counts).toMatchObject({ ...theirs.counts });
        expect(Math.min(counts?.found ?? 0, counts?.missed ?? 0, counts?.falseAlarms ?? 0)).toBeGreaterThan(
          0,
        );
      }
    },
    60_000,
  );
});
