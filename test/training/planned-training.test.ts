import { expect, it } from '@jest/globals';
import { assertRegionAllows } from '../../src/training/planned-training.js';

it('a training with more images than its region allows is refused without a setting that was not tried', () => {
  const planned = { dataset: 'skin', train: 1_000_000, val: 10 };
  expect(() => assertRegionAllows('us-east-1', planned)).toThrow(
    /the dataset has 1000000 and 10\. Train in another region, or with fewer images\.$/,
  );
});
