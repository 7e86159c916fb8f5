import { describe, expect, it } from '@jest/globals';
import { DEFAULT_DATASET_SETTINGS as DEFAULTS } from '../../src/dataset/model/settings.js';
import { remediesOf } from '../../web/src/dataset-check/remedies.js';

describe('the changes of settings that a message advises', () => {
  it.each([
    ['Too few. Set VAL_SPLIT=0.2, or add images.', [{ valSplit: 0.2 }]],
    ['Set VAL_SPLIT=0.2 and PER_CLASS_CAP=180, or add images.', [{ valSplit: 0.2, perClassCap: 180 }]],
    [
      'Set IMAGE_MAX_SIDE=960, which keeps 2 of 3 boxes, or MIN_BOX_PX=2, which keeps 3 of 3 boxes, or take photos.',
      [{ imageMaxSide: 960 }, { minBoxPx: 2 }],
    ],
    [
      'To keep them, set PER_CLASS_CAP=360 or ENABLE_BALANCE=false.',
      [{ perClassCap: 360 }, { enableBalance: false }],
    ],
    ['Add them. To train without them, set MAX_REJECTED_RATIO=0.67. Or not.', [{ maxRejectedRatio: 0.67 }]],
    ['Dropped. Set KEEP_CROWD=true to keep them', [{ keepCrowd: true }]],
    [
      'Set EXIF_BOXES=turned or EXIF_BOXES=stored if one of them is right for all, or export again.',
      [{ exifBoxes: 'turned' }, { exifBoxes: 'stored' }],
    ],
  ])('are all found in %j', (message, changes) => {
    expect(remediesOf(message, DEFAULTS).map(({ settings }) => settings)).toEqual(
      changes.map((change) => ({ ...DEFAULTS, ...change })),
    );
  });

  it.each([
    'No class is found in MIN_CLASS_IMAGES=40 images. Label more images.',
    'The images set in COLOUR=grey are dark.',
    'Set VAL_SPLIT=0.1, or add images.',
  ])('are none in %j', (message) => {
    expect(remediesOf(message, DEFAULTS)).toEqual([]);
  });

  it('are named as the form names the settings', () => {
    const [remedy] = remediesOf('Set ENABLE_BALANCE=false and MIN_BOX_PX=3.', DEFAULTS);
    expect(remedy?.text).toBe('Set “Class balancing” to off and “Minimum box side in pixels” to 3');
  });
});
