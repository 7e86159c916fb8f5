import { describe, expect, it } from '@jest/globals';
import { validateManifest, withLineErrors } from '../../src/custom-labels/validate-manifest.js';
import { validateManifests } from '../support/manifests.js';
import { ANNOTATION, line, linesOf, manifest } from './manifest-lines.js';

describe('validateManifest', () => {
  it('counts valid, invalid and ignored lines, and the labels of valid lines only', () => {
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

  it('accepts a missing final newline and Windows line ends', () => {
    const lines = linesOf(3);
    for (const text of [lines.join('\n'), `${lines.join('\n')}\n`, `${lines.join('\r\n')}\r\n`]) {
      expect(validateManifest(text)).toMatchObject({ valid: 3, invalid: 0 });
    }
  });

  it('counts blank lines as invalid', () => {
    expect(validateManifest(`${linesOf(5).join('\n')}\n\n`)).toMatchObject({ valid: 5, invalid: 1 });
  });

  it('reports ERROR_EMPTY_MANIFEST for an empty manifest', () => {
    expect(validateManifest('').errors).toEqual(['ERROR_EMPTY_MANIFEST']);
  });

  it('accepts up to 20 % invalid lines', () => {
    expect(validateManifest(manifest([...linesOf(8), '{', '{'])).errors).toEqual([]);
    expect(validateManifest(manifest([...linesOf(8), '{', '{', '{'])).errors).toEqual([
      'ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST',
    ]);
  });

  it('refuses images in several buckets', () => {
    const other = line({ ref: 's3://other/a.jpg' });
    expect(validateManifest(manifest([...linesOf(9), other])).errors).toEqual([
      'ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS',
    ]);
  });

  it('counts a second line for an image as invalid', () => {
    const [first = ''] = linesOf(1);
    const result = validateManifest(manifest([...linesOf(9), first]));
    expect(result).toMatchObject({ valid: 9, invalid: 1 });
    expect(result.lines.at(-1)?.errors).toHaveLength(1);
  });

  it('refuses no labels and more than 250 labels', () => {
    const labelled = (count: number) =>
      Array.from({ length: count }, (_, i) => linesOf(1, `label ${i}`, `${i}-`)).flat();
    expect(validateManifest(manifest([line({ annotations: [] })])).errors).toEqual([
      'ERROR_MANIFEST_TOO_FEW_LABELS',
    ]);
    expect(validateManifest(manifest(labelled(250))).errors).toEqual([]);
    expect(validateManifest(manifest(labelled(251))).errors).toEqual(['ERROR_MANIFEST_TOO_MANY_LABELS']);
  });

  it('refuses more than 250,000 lines', () => {
    const rows = (count: number) => '[]\n'.repeat(count);
    expect(validateManifest(rows(250_000)).errors).not.toContain('ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM');
    expect(validateManifest(rows(250_001)).errors).toContain('ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM');
  });

  it('counts lines with unusable images as invalid', () => {
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

describe('validateManifests', () => {
  const train = manifest(['a', 'b', 'c', 'd'].flatMap((label) => linesOf(3, label, label)));
  const testing = (...labels: string[]) =>
    manifest(labels.flatMap((label) => linesOf(1, label, `v${label}`)));

  it('accepts a valid pair of manifests', () => {
    expect(validateManifests(train, testing('a', 'b'))).toMatchObject({
      errors: [],
      findings: [],
      refusal: null,
    });
  });

  it('refuses a pair that shares less than half of the training labels', () => {
    const { errors, refusal } = validateManifests(train, testing('a', 'x', 'y'));
    expect(errors).toEqual(['ERROR_INSUFFICIENT_LABEL_OVERLAP']);
    expect(refusal).toContain(
      'ERROR_INSUFFICIENT_LABEL_OVERLAP (Less than 50% label overlap between the training and testing manifest files.)',
    );
  });

  it('lists the terminal errors of both manifests in the refusal', () => {
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

  it('validateManifests has one finding per code, with file, line and image', () => {
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
