import { describe, expect, it } from '@jest/globals';
import { validateManifests } from '../../src/custom-labels/validate-dataset.js';
import { validateManifest, withLineErrors } from '../../src/custom-labels/validate-manifest.js';
import { ANNOTATION, line, linesOf, manifest } from './manifest-lines.js';

describe('a manifest', () => {
  it('counts valid, invalid and ignored lines, and labels of valid ones only', () => {
    const lines = [
      ...linesOf(5),
      line({ ref: 's3://bucket/empty.jpg', annotations: [] }),
      line({
        ref: 's3://bucket/bad.jpg',
        annotations: [{ ...ANNOTATION, left: -1 }],
        metadata: { 'class-map': { 0: 'ghost' } },
      }),
    ];
    const result = validateManifest(manifest(lines));
    expect(result).toMatchObject({ valid: 5, invalid: 1, ignored: 1, errors: [] });
    expect([...result.labels]).toEqual(['acne']);
  });

  it('reads the same with or without a last newline, and with Windows line ends', () => {
    const lines = linesOf(3);
    for (const text of [lines.join('\n'), `${lines.join('\n')}\n`, `${lines.join('\r\n')}\r\n`]) {
      expect(validateManifest(text)).toMatchObject({ valid: 3, invalid: 0 });
    }
  });

  it('counts blank lines as invalid ones', () => {
    expect(validateManifest(`${linesOf(5).join('\n')}\n\n`)).toMatchObject({ valid: 5, invalid: 1 });
  });

  it('that is empty has ERROR_EMPTY_MANIFEST', () => {
    expect(validateManifest('').errors).toEqual(['ERROR_EMPTY_MANIFEST']);
  });

  it('may have 20 % of invalid lines, not more', () => {
    expect(validateManifest(manifest([...linesOf(8), '{', '{'])).errors).toEqual([]);
    expect(validateManifest(manifest([...linesOf(8), '{', '{', '{'])).errors).toEqual([
      'ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST',
    ]);
  });

  it('must have its images in one bucket', () => {
    const other = line({ ref: 's3://other/a.jpg' });
    expect(validateManifest(manifest([...linesOf(9), other])).errors).toEqual([
      'ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS',
    ]);
  });

  it('may name an image once', () => {
    const [first = ''] = linesOf(1);
    const result = validateManifest(manifest([...linesOf(9), first]));
    expect(result).toMatchObject({ valid: 9, invalid: 1 });
    expect(result.lines.at(-1)?.errors).toHaveLength(1);
  });

  it('must have labels, at most 250', () => {
    const labelled = (count: number) =>
      Array.from({ length: count }, (_, i) => linesOf(1, `label ${i}`, `${i}-`)).flat();
    expect(validateManifest(manifest([line({ annotations: [] })])).errors).toEqual([
      'ERROR_MANIFEST_TOO_FEW_LABELS',
    ]);
    expect(validateManifest(manifest(labelled(250))).errors).toEqual([]);
    expect(validateManifest(manifest(labelled(251))).errors).toEqual(['ERROR_MANIFEST_TOO_MANY_LABELS']);
  });

  it('may have 250,000 lines', () => {
    const rows = (count: number) => '[]\n'.repeat(count);
    expect(validateManifest(rows(250_000)).errors).not.toContain('ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM');
    expect(validateManifest(rows(250_001)).errors).toContain('ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM');
  });

  it('counts images that prove unusable as invalid lines', () => {
    const result = withLineErrors(
      validateManifest(manifest(linesOf(9))),
      new Map([
        [0, 'ERROR_INVALID_IMAGE'],
        [4, 'ERROR_INVALID_IMAGE'],
      ]),
    );
    expect(result).toMatchObject({
      valid: 7,
      invalid: 2,
      errors: ['ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST'],
    });
    expect(result.lines[4]?.errors).toEqual([
      { code: 'ERROR_INVALID_IMAGE', attribute: '', location: 'line' },
    ]);
  });
});

describe('a pair of manifests', () => {
  const train = manifest(['a', 'b', 'c', 'd'].flatMap((label) => linesOf(3, label, label)));
  const testing = (...labels: string[]) =>
    manifest(labels.flatMap((label) => linesOf(1, label, `v${label}`)));

  it('that the service takes is not refused', () => {
    expect(validateManifests(train, testing('a', 'b'))).toMatchObject({
      errors: [],
      findings: [],
      refusal: null,
    });
  });

  it('must share half of the training labels', () => {
    const { errors, refusal } = validateManifests(train, testing('a', 'x', 'y'));
    expect(errors).toEqual(['ERROR_INSUFFICIENT_LABEL_OVERLAP']);
    expect(refusal).toContain(
      'ERROR_INSUFFICIENT_LABEL_OVERLAP (Less than 50% label overlap between the training and testing manifest files.)',
    );
  });

  it('is refused with every terminal error of either', () => {
    const { refusal, findings } = validateManifests(train, '');
    expect(refusal).toContain('ERROR_EMPTY_MANIFEST (The manifest file is empty.)');
    expect(findings).toContainEqual({
      code: 'ERROR_EMPTY_MANIFEST',
      severity: 'error',
      message: 'The manifest file is empty.',
      count: 1,
      examples: ['val.manifest'],
    });
  });

  it('has a finding a code, with file, line and image', () => {
    const bad = line({ ref: 's3://bucket/bad.jpg', label: { annotations: {} } });
    const { findings, refusal } = validateManifests(`${train}${bad}\n`, testing('a', 'b'));
    expect(refusal).toBeNull();
    expect(findings).toEqual([
      {
        code: 'ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT',
        severity: 'warning',
        message: 'The format of the label attribute bounding-box is invalid.',
        count: 1,
        examples: ['train.manifest:13 s3://bucket/bad.jpg'],
      },
    ]);
  });
});
