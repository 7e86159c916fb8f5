import { expect, it } from '@jest/globals';
import { signed } from '../../src/advice/gain.js';
import { percentText } from '../../src/lib/percent.js';

it.each([
  [1, 5030, 'less than 1 %'],
  [25, 5000, '1 %'],
  [0, 5030, '0 %'],
  [0, 0, '0 %'],
  [1, 3, '33 %'],
  [5029, 5030, 'more than 99 %'],
  [5030, 5030, '100 %'],
])('%d of %d is written as %s', (part, whole, text) => {
  expect(percentText(part, whole)).toBe(text);
});

it.each([
  [-0.004, '0.00'],
  [0.004, '0.00'],
  [-0.006, '-0.01'],
  [0.07, '+0.07'],
])('a gain of %d is written as %s', (gain, text) => {
  expect(signed(gain)).toBe(text);
});
