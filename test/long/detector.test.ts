import { beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO_SEED } from '../../src/cli/commands/demo.js';
import { createRandom, shuffle } from '../../src/lib/random.js';
import {
  chanceOf,
  drawnSet,
  f1Of,
  fitDetector,
  type TrainingPicture,
  type TrainingSet,
  withMovedBoxes,
  withShuffledLabels,
} from '../support/training-set.js';

const FIT_MS = 300_000;
/** A lower F1 would mean that the detector learned little; a higher one, that the demo dataset is too easy. */
const BAND = [0.7, 0.95] as const;

async function f1Trained(train: readonly TrainingPicture[], test: readonly TrainingPicture[]) {
  return await f1Of(await fitDetector(train), test);
}

describe('the detector on the demo dataset', () => {
  let set: TrainingSet;
  /** Maximum F1 of a detector that had nothing to learn. */
  let nothingLearned: number;

  beforeAll(async () => {
    set = await drawnSet(DEMO_SEED);
    nothingLearned = Math.max(0.4, chanceOf(set) + 0.1);
  }, FIT_MS);

  it(
    'the detector on the demo dataset has an F1 within the expected range',
    async () => {
      const f1 = await f1Trained(set.train, set.test);
      expect(f1).toBeGreaterThanOrEqual(BAND[0]);
      expect(f1).toBeLessThanOrEqual(BAND[1]);
    },
    FIT_MS,
  );

  it(
    'the detector on the demo dataset has an F1 near chance if the training labels are shuffled',
    async () => {
      const train = withShuffledLabels(set.train, (labels) => shuffle(labels, createRandom(1)));
      expect(await f1Trained(train, set.test)).toBeLessThanOrEqual(nothingLearned);
    },
    FIT_MS,
  );

  it(
    'the detector on the demo dataset has an F1 near chance if the training boxes are moved at random',
    async () => {
      const train = withMovedBoxes(set.train, createRandom(1));
      expect(await f1Trained(train, set.test)).toBeLessThanOrEqual(nothingLearned);
    },
    FIT_MS,
  );
});
