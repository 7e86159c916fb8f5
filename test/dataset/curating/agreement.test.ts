import { CreateProjectVersionCommand, DescribeProjectVersionsCommand } from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { manifestText } from '../../../src/custom-labels/write-manifest.js';
import { curate } from '../../../src/dataset/curating/curate.js';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import type { PreprocessedImage } from '../../../src/dataset/model/types.js';
import { preprocessImage } from '../../../src/images/preprocess.js';
import { createS3Client } from '../../../src/storage/client.js';
import { ObjectStore } from '../../../src/storage/object-store.js';
import { picture } from '../../support/archives.js';
import { awsOf } from '../../support/aws.js';
import { createProject, startTestEmulator, type TestEmulator, versionInput } from '../../support/emulator.js';
import { validateManifests } from '../../support/manifests.js';
import { startTestSeaweedFs, type TestS3 } from '../../support/servers.js';
import { drawn, inputOf } from './images.js';

const IMAGES = 14;
const LABELS = ['acne', 'mole', '10', 'é'];
const SIZE = { width: 96, height: 80 };

/** Classes of each image, one box per class, and settings. */
const dataset = fc.record({
  labels: fc.array(fc.subarray(LABELS), { minLength: IMAGES, maxLength: IMAGES }),
  boxes: fc.array(
    fc.record({
      x: fc.integer({ min: -20, max: 90 }),
      y: fc.integer({ min: -20, max: 75 }),
      width: fc.integer({ min: 1, max: 120 }),
      height: fc.integer({ min: 1, max: 100 }),
    }),
    { minLength: LABELS.length, maxLength: LABELS.length },
  ),
  settings: fc.record({
    valSplit: fc.constantFrom(0.1, 0.3, 0.5),
    enableBalance: fc.boolean(),
    minClassImages: fc.integer({ min: 1, max: 4 }),
    perClassCap: fc.integer({ min: 4, max: 14 }),
    minBoxPx: fc.integer({ min: 1, max: 8 }),
  }),
});

interface Line {
  'source-ref': string;
  'bounding-box': { image_size: object[]; annotations: Record<string, number>[] };
  'bounding-box-metadata': { type: string; objects: object[]; 'class-map': Record<string, string> };
}

const boxesOf = (line: Line) => line['bounding-box'].annotations;

/** Faults that may change a line of a manifest before the service reads it. */
const FAULTS: Record<string, (line: Line, index: number) => string | Line | null> = {
  nothing: (line) => line,
  'cut off': (line) => JSON.stringify(line).slice(0, -9),
  gone: () => null,
  'a box off the frame': (line) => {
    Object.assign(boxesOf(line)[0] ?? {}, { left: 90, width: 50 });
    return line;
  },
  'a box of a pixel': (line) => {
    for (const box of boxesOf(line)) Object.assign(box, { left: 0, top: 0, width: 1, height: 1 });
    return line;
  },
  'no boxes': (line) => {
    line['bounding-box'].annotations = [];
    line['bounding-box-metadata'].objects = [];
    return line;
  },
  'a class without a name': (line) => {
    line['bounding-box-metadata']['class-map'] = {};
    return line;
  },
  'other classes': (line) => {
    const map = line['bounding-box-metadata']['class-map'];
    for (const id of Object.keys(map)) map[id] = `other ${map[id]}`;
    return line;
  },
  'another use case': (line) => {
    line['bounding-box-metadata'].type = 'groundtruth/image-classification';
    return line;
  },
  // Not for every line: a manifest does not show that all images of another bucket are missing.
  'another bucket': (line, index) => {
    if (index > 0) line['source-ref'] = line['source-ref'].replace(/^s3:\/\/[^/]+/, 's3://another-bucket');
    return line;
  },
  'no confidence': (line) => {
    line['bounding-box-metadata'].objects = [];
    return line;
  },
};

const fault = fc.record({
  name: fc.constantFrom(...Object.keys(FAULTS)),
  side: fc.constantFrom('train' as const, 'val' as const),
  /** Every n-th line gets the fault. Mostly all lines, since an accepted training takes seconds. */
  each: fc.constantFrom(1, 1, 1, 2, 7),
});

/** A valid dataset, so that at least one training is accepted. */
const SOUND: typeof dataset extends fc.Arbitrary<infer T> ? T : never = {
  labels: Array.from({ length: IMAGES }, (_, i) => (i % 2 === 0 ? ['acne', 'é'] : ['acne'])),
  boxes: LABELS.map((_, i) => ({ x: 5 * i, y: 10, width: 30, height: 40 })),
  settings: { valSplit: 0.3, enableBalance: true, minClassImages: 2, perClassCap: 14, minBoxPx: 6 },
};

const LONG = process.env.CURATOR_TEST_LONG === '1';
const RUNS = LONG ? 100 : 16;
const TIMEOUT_MS = LONG ? 1_800_000 : 180_000;

describe('validation and the emulator', () => {
  let s3: TestS3;
  let store: ObjectStore;
  let test: TestEmulator;
  let projectArn: string;
  const results: PreprocessedImage[] = [];
  let versions = 0;

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    store = new ObjectStore(createS3Client(awsOf(s3.env)));
    test = await startTestEmulator(s3.env);
    projectArn = await createProject(test.client, 'agreement');
    for (let i = 0; i < IMAGES; i += 1) {
      const prepared = await preprocessImage(await picture(i, SIZE.width, SIZE.height), {
        imageMaxSide: 1280,
      });
      if ('reason' in prepared) throw new Error(prepared.message);
      const { result } = drawn(`photo${i}.jpg`, [], { stored: SIZE, output: prepared.output });
      await store.put(s3.bucket, result.key, prepared.body);
      results.push(result);
    }
  });
  afterAll(async () => {
    await test?.stop();
    await s3?.stop();
  });

  function manifestsOf({
    labels,
    boxes,
    settings,
  }: typeof dataset extends fc.Arbitrary<infer T> ? T : never) {
    const images = results.map((result, i) => {
      const own = (labels[i] ?? []).map((label) => {
        const box = boxes[LABELS.indexOf(label)] ?? { x: 0, y: 0, width: 20, height: 20 };
        return { label, ...box, x: box.x + i };
      });
      return { image: drawn(result.path, own, { stored: SIZE }).image, result };
    });
    const curation = curate(inputOf(images, settings));
    const names = curation.labels.map(({ label }) => label);
    const context = { bucket: s3.bucket, dataset: 'd', creationDate: '2025-09-14T08:30:12' };
    const text = (side: 'train' | 'val') => manifestText(curation[side], names, context);
    return { train: text('train'), val: text('val') };
  }

  async function train({ train: trainText, val }: { train: string; val: string }) {
    const name = `v${versions++}`;
    await store.put(s3.bucket, `${name}/train.manifest`, trainText);
    await store.put(s3.bucket, `${name}/val.manifest`, val);
    const [trainKey, valKey] = [`${name}/train.manifest`, `${name}/val.manifest`];
    const input = versionInput(projectArn, name, s3.bucket, trainKey, valKey);
    await test.client.send(new CreateProjectVersionCommand(input));
    await test.emulator.service.idle();
    const { ProjectVersionDescriptions: [version] = [] } = await test.client.send(
      new DescribeProjectVersionsCommand({ ProjectArn: projectArn, VersionNames: [name] }),
    );
    return version;
  }

  it(
    'the emulator trains datasets that validation accepts, and refuses those that validation refuses',
    async () => {
      const seen = { refusedWhileCurating: 0, passed: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(dataset, fault, async (from, { name, side, each }) => {
          let manifests: ReturnType<typeof manifestsOf>;
          try {
            manifests = manifestsOf(from);
          } catch (error) {
            if (!(error instanceof DatasetError)) throw error;
            seen.refusedWhileCurating += 1;
            return;
          }
          manifests[side] = broken(manifests[side], FAULTS[name], each);
          const {
            refusal,
            errors,
            train: trainResult,
            val,
          } = validateManifests(manifests.train, manifests.val);
          if (name === 'nothing') expect(refusal).toBeNull();
          const version = await train(manifests);
          expect({ name, status: version?.Status, message: version?.StatusMessage }).toMatchObject({
            status: refusal === null ? 'TRAINING_COMPLETED' : 'TRAINING_FAILED',
          });
          const codes = [...trainResult.errors, ...val.errors, ...errors];
          expect(codes.length > 0).toBe(refusal !== null);
          seen[refusal === null ? 'passed' : 'refused'] += 1;
        }),
        { numRuns: RUNS, examples: [[SOUND, { name: 'nothing', side: 'train', each: 1 }]] },
      );
      expect(seen.passed).toBeGreaterThan(0);
      expect(seen.refused).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

function broken(text: string, breakLine: (typeof FAULTS)[string] | undefined, each: number): string {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line, i) => {
      if (i % each !== 0) return [line];
      const made = breakLine?.(JSON.parse(line), i);
      return made === null || made === undefined
        ? []
        : [typeof made === 'string' ? made : JSON.stringify(made)];
    })
    .map((line) => `${line}\n`)
    .join('');
}
