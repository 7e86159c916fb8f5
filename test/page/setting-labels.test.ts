import { describe, expect, it } from '@jest/globals';
import { SETTINGS } from '../../src/config/settings.js';
import { inLabels, SETTING_LABELS } from '../../web/src/setting-labels.js';

describe("the page's names of settings", () => {
  it('has a label for each setting', () => {
    const variables = Object.values(SETTINGS).map(({ variable }) => variable);
    expect(new Set(Object.keys(SETTING_LABELS))).toEqual(new Set(variables));
  });

  it.each([
    [
      'No class is found in MIN_CLASS_IMAGES=40 images.',
      'No class is found in “Minimum images per class” = 40 images.',
    ],
    ['Raise VAL_SPLIT or add images.', 'Raise “Validation split” or add images.'],
    ['or raise PER_CLASS_CAP (90)', 'or raise “Maximum images per class” (90)'],
    ['The finding SPLIT_LEAKS has no setting.', 'The finding SPLIT_LEAKS has no setting.'],
  ])('replaces the variable in %j by the label', (message, shown) => {
    expect(inLabels(message)).toBe(shown);
  });
});
