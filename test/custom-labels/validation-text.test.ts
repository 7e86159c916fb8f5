import { describe, expect, it } from '@jest/globals';
import type { ManifestValidation } from '../../src/contracts/service-validation.js';
import { withoutResults } from '../../src/custom-labels/no-validation.js';
import { validationText } from '../../src/custom-labels/validation-text.js';

const { training: NOTHING } = withoutResults('');
const lines = (total: number, invalid: number, ignored = 0) => ({
  ...{ total, invalid, ignored },
  valid: total - invalid - ignored,
});
const example = (line: number, file: string | null) => ({ line, codes: ['ERROR_INVALID_IMAGE'], file });

function textOf(training: Partial<ManifestValidation>, testing: Partial<ManifestValidation> = {}) {
  return validationText({
    training: { ...NOTHING, ...training },
    testing: { ...NOTHING, ...testing },
    errors: [],
    problem: null,
  });
}

describe('the text about what the training service reported', () => {
  it('names counts, codes and the first files', () => {
    const examples = ['a.jpg', 'b.jpg', null, 'c.jpg', 'd.jpg'].map((file, n) => example(n + 1, file));
    const codes = [{ code: 'ERROR_INVALID_IMAGE', lines: 12 }];
    expect(textOf({ lines: lines(64, 12), reported: 12, codes, examples })).toBe(
      'The training service rejected 12 of 64 training images: ERROR_INVALID_IMAGE in 12 images (a.jpg, b.jpg, c.jpg and 9 more).',
    );
  });

  it('tells images with some unusable boxes from rejected images', () => {
    const codes = [{ code: 'ERROR_BOUNDING_BOX_TOO_SMALL', lines: 2 }];
    const training = { reported: 2, codes, examples: [example(4, 'a.jpg'), example(5, 'b.jpg')] };
    expect(textOf({ ...training, lines: lines(64, 0) })).toMatch(
      /^The training service reported problems in 2 of 64 training images: ERROR_BOUNDING_BOX_TOO_SMALL in 2 images \(a\.jpg, b\.jpg\)\.$/,
    );
    expect(textOf({ ...training, lines: lines(64, 0, 1) })).toMatch(
      /^The training service reported problems in 2 of 64 training images and rejected 1 of them:/,
    );
    expect(textOf({ ...training, lines: null })).toMatch(
      /^The training service reported problems in 2 training images:/,
    );
  });

  it('names the testing images in a sentence of their own', () => {
    const codes = [{ code: 'ERROR_INVALID_IMAGE', lines: 1 }];
    expect(textOf({}, { lines: lines(9, 1), reported: 1, codes, examples: [example(1, null)] })).toBe(
      'The training service rejected 1 of 9 testing images: ERROR_INVALID_IMAGE in 1 image.',
    );
  });

  it('says why results are incomplete, and is null if there is nothing to say', () => {
    expect(validationText(withoutResults('The bucket is gone.'))).toBe(
      'The validation results of the training service are incomplete: The bucket is gone.',
    );
    expect(textOf({ lines: lines(64, 0) }, { lines: lines(9, 0) })).toBeNull();
  });
});
