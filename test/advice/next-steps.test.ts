import { describe, expect, it } from '@jest/globals';
import { changeText, type DatasetCounts, nextSteps } from '../../src/advice/next-steps.js';
import type { ClassCurve } from '../../src/contracts/cross-validation.js';
import { addMerge, classMergesProblem } from '../../src/dataset/model/class-merges.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { evaluateLabel, type TestImage } from '../../src/evaluation/metrics.js';
import { curated, imagesOf } from '../dataset/curating/images.js';
import { boxAt, COUNTS, doubtsOf, found, judgedOf, seenAt, testedOf } from './tested.js';

function stepsOf(
  images: readonly TestImage[],
  dataset: DatasetCounts | null = null,
  curves: readonly ClassCurve[] = [],
) {
  const labels = [...new Set(images.flatMap(({ truth }) => truth.map(({ label }) => label)))];
  const classes = labels.map((label) => ({
    ...evaluateLabel(label, images),
    ...{ threshold: 0.5, testBoxes: null, interval: null },
  }));
  const [tested, judged] = [testedOf(images), judgedOf(images)];
  const doubts = doubtsOf(images);
  const review = { examined: 'test-images' as const, images: images.length, total: doubts.length, doubts };
  return nextSteps({ classes, tested, judged, review, dataset, curves });
}

const NOTHING = { classes: [], tested: [], judged: [], dataset: null, curves: [] };
const GOOD = found('cat', 10);
const curveOf = (label: string, low: number, high: number): ClassCurve => ({
  ...{ label, objects: 40, gain: { low, high } },
  points: [
    { share: 0.5, photos: 20, f1: 0.3 },
    { share: 1, photos: 40, f1: 0.4 },
  ],
});
/** Twelve dogs, of which half are taken for wolves, and twelve wolves, of which half are taken for dogs. */
const CONFUSED = ['dog', 'wolf'].flatMap((label) => [
  ...found(label, 6),
  ...Array.from({ length: 6 }, () => ({
    truth: [boxAt(label)],
    detections: [seenAt(label === 'dog' ? 'wolf' : 'dog', 0.8)],
  })),
]);

describe('the next steps', () => {
  it('are none for a model whose labels and images give no reason', () => {
    expect(stepsOf(GOOD, { ...COUNTS, images: { ...COUNTS.images, unusedPhotos: 0 } })).toEqual([]);
  });

  it('offer the images that balancing left out, with the number of new photos and the setting', () => {
    expect(stepsOf(GOOD, COUNTS)).toMatchObject([
      {
        kind: 'use-left-out',
        title: 'Use the 200 images that class balancing left out',
        evidence:
          'The 200 images show 200 photos of which no copy is used: 200 % more than the 100 used ones.',
        certainty: expect.stringContaining('Not measured.'),
        change: { perClassCap: 240 },
      },
    ]);
  });

  it('offer the same PER_CLASS_CAP as the finding about class balancing, and it keeps all images', () => {
    const images = [...imagesOf('acne', 241), ...imagesOf('scar', 100)];
    const { images: counts, groups, labelsFound, findings } = curated(images);
    const dataset = { images: counts, groups, labelsFound, settings: DEFAULT_DATASET_SETTINGS };
    const [step] = stepsOf(GOOD, dataset);
    expect(step?.change).toEqual({ perClassCap: 241 });
    const finding = findings.find(({ code }) => code === 'BALANCE_LEFT_OUT');
    expect(finding?.message).toContain(`set ${changeText({ perClassCap: 241 })} or ENABLE_BALANCE=false`);
    const after = curated(images, { ...DEFAULT_DATASET_SETTINGS, perClassCap: 241 });
    expect(after.images).toMatchObject({ used: 341, left: { balancedAway: 0 } });
  });

  it('ask for more photos of the classes whose score rose with photos, most first', () => {
    const curves = [curveOf('flat', -0.05, 0.04), curveOf('cat', 0.02, 0.2), curveOf('dog', 0.06, 0.1)];
    expect(stepsOf(GOOD, null, curves)).toMatchObject([
      {
        kind: 'label-more',
        title: 'Label more photos of dog, cat',
        evidence: expect.stringContaining(
          'F1 of dog rises from 0.30 with 20 photos to 0.40 with 40 (95 % interval of the gain 0.06 to 0.10)',
        ),
        certainty: expect.stringContaining('figures of Rekognition differ'),
        change: null,
      },
    ]);
    expect(stepsOf(GOOD, null, curves.slice(0, 1))).toEqual([]);
  });

  it('ask for no more photos while labelled ones are left out, and say that photos help', () => {
    const curves = [curveOf('cat', 0.02, 0.2), curveOf('flat', -0.05, 0.04)];
    const [step, ...others] = stepsOf(GOOD, COUNTS, curves);
    expect(others).toEqual([]);
    expect(step).toMatchObject({
      kind: 'use-left-out',
      certainty: expect.stringMatching(/^Likely for cat, 1 of 2 classes: cross-validated, F1 of cat rises/),
    });
  });

  it('doubt that the photos that balancing left out help if no class gained from photos', () => {
    expect(stepsOf(GOOD, COUNTS, [curveOf('cat', -0.05, 0.04)])).toMatchObject([
      { kind: 'use-left-out', certainty: expect.stringMatching(/^Doubtful: .* no class gained/) },
    ]);
  });

  it.each<[string, DatasetCounts | null]>([
    ['the report of the dataset cannot be read', null],
    ['hardly any photo is new', { ...COUNTS, images: { ...COUNTS.images, unusedPhotos: 9 } }],
    ['balancing is off', { ...COUNTS, settings: { enableBalance: false } }],
  ])('do not offer more images if %s', (_, dataset) => {
    expect(stepsOf(GOOD, dataset)).toEqual([]);
  });

  it('offer to merge two classes that are taken for each other, with the F1 of both as one', () => {
    const [merge] = stepsOf(CONFUSED).filter(({ kind }) => kind === 'merge-classes');
    expect(merge).toMatchObject({
      title: 'Merge dog and wolf, if their difference does not matter to you',
      reason:
        'The model takes them for each other: on their 24 objects lie 12 detections of the other class.',
      evidence:
        'Counted as one class, the same detections have F1 1.00 (95 % interval 1.00 to 1.00). Apart, dog has 0.50 and wolf 0.50.',
      certainty: expect.stringMatching(/^Likely\. .*for this model/),
      change: { mergeClasses: 'dog,wolf=dog-or-wolf' },
    });
  });

  it('do not offer to merge classes that are seldom confused', () => {
    const images = [...found('dog', 60), ...found('wolf', 60), ...CONFUSED.slice(6, 11)];
    expect(stepsOf(images).map(({ kind }) => kind)).not.toContain('merge-classes');
  });

  it('do not offer a merge that does not raise F1', () => {
    // Each dog has a second detection as a wolf, which would be a duplicate.
    const doubled = Array.from({ length: 20 }, () => ({
      truth: [boxAt('dog')],
      detections: [seenAt('dog', 0.9), seenAt('wolf', 0.9)],
    }));
    const images = [...doubled, ...found('wolf', 20, 0.9)];
    expect(stepsOf(images).map(({ kind }) => kind)).not.toContain('merge-classes');
  });

  it('offer to check the labels that the model contradicts, and say what it could not examine', () => {
    const images = [...GOOD, { truth: [], detections: [seenAt('cat', 0.9)] }];
    expect(stepsOf(images)).toMatchObject([
      {
        kind: 'check-labels',
        title: 'Check 1 label in 1 image',
        evidence: expect.stringContaining('1 box that may be missing.'),
        certainty: expect.stringContaining('Only the 11 test images could be examined'),
        change: null,
      },
    ]);
  });

  it('offer to check the labels of all images if they were cross-validated, and say so', () => {
    const [doubt] = doubtsOf([...GOOD, { truth: [], detections: [seenAt('cat', 0.9)] }]);
    const doubts = doubt ? [doubt] : [];
    const review = { examined: 'all-images' as const, images: 450, total: 20, doubts };
    expect(nextSteps({ ...NOTHING, review })).toMatchObject([
      {
        kind: 'check-labels',
        evidence: expect.stringMatching(
          /^The local detector contradicts this label .* the most doubtful of 20\.$/,
        ),
        certainty: expect.stringContaining('All 450 images were examined'),
      },
    ]);
  });
});

it.each([
  [{ perClassCap: 240 }, 'PER_CLASS_CAP=240'],
  [{ mergeClasses: 'dog,wolf=pet' }, 'MERGE_CLASSES=dog,wolf=pet'],
])('the settings of a step are named by their variables: %j', (change, text) => {
  expect(changeText(change)).toBe(text);
});

describe('a merge that is added to those of the run', () => {
  it.each([
    ['', 'a,b=ab'],
    ['x,y=z', 'x,y=z;a,b=ab'],
    ['c,d=a', 'c,d,b=ab'],
    ['a,c=a', 'a,c,b=ab'],
    ['c=a;d=b', 'c,d=ab'],
  ])('to %j is %j', (existing, text) => {
    expect(addMerge(existing, ['a', 'b'], 'ab')).toBe(text);
    expect(classMergesProblem(text)).toBeUndefined();
  });
});
