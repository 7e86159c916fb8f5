import { describe, expect, it } from '@jest/globals';
import { validateLine } from '../../../src/dataset/validate-line.js';
import { validateManifest, withLineErrors } from '../../../src/dataset/validate-manifest.js';
import { validateManifests } from '../../../src/dataset/validation.js';

type Json = Record<string, unknown>;

const CLASSIFIED = {
  'class-name': 'skin',
  confidence: 1,
  type: 'groundtruth/image-classification',
  'human-annotated': 'yes',
  'creation-date': '2025-09-14T08:30:12',
};
const ANNOTATION = { class_id: 0, left: 10, top: 10, width: 50, height: 50 };

/** A line that the service takes, with parts replaced; a part that is undefined is left out. */
function line(
  over: {
    ref?: string | undefined;
    label?: Json;
    metadata?: Json;
    annotations?: Json[];
    size?: Json;
    more?: Json;
  } = {},
): string {
  const annotations = over.annotations ?? [ANNOTATION];
  return JSON.stringify({
    'source-ref': 'ref' in over ? over.ref : 's3://bucket/a.jpg',
    'bounding-box': {
      image_size: [{ width: 640, height: 480, depth: 3, ...over.size }],
      annotations,
      ...over.label,
    },
    'bounding-box-metadata': {
      objects: annotations.map(() => ({ confidence: 1 })),
      'class-map': { 0: 'acne', 1: 'mole' },
      type: 'groundtruth/object-detection',
      'human-annotated': 'yes',
      'creation-date': '2025-09-14T08:30:12',
      'job-name': 'skin',
      ...over.metadata,
    },
    ...over.more,
  });
}

const codes = (text: string) => validateLine(text).errors.map(({ code }) => code);
const warnings = (text: string) => validateLine(text).warnings.map(({ code }) => code);
const manifest = (lines: readonly string[]) => lines.map((text) => `${text}\n`).join('');
const linesOf = (count: number, label = 'acne', prefix = 'image') =>
  Array.from({ length: count }, (_, i) =>
    line({ ref: `s3://bucket/${prefix}${i}.jpg`, metadata: { 'class-map': { 0: label } } }),
  );

describe('a line', () => {
  it('that follows the guide is valid', () => {
    expect(validateLine(line())).toEqual({
      status: 'valid',
      sourceRef: 's3://bucket/a.jpg',
      size: { width: 640, height: 480 },
      boxes: [{ label: 'acne', left: 10, top: 10, width: 50, height: 50 }],
      classes: [],
      errors: [],
      warnings: [],
    });
  });

  it.each([
    ['no JSON', '{"source-ref":'],
    ['a list', '[]'],
    ['a number', '7'],
    ['null', 'null'],
    ['nothing', ''],
    ['over 100,000 characters', line({ metadata: { note: 'x'.repeat(100_000) } })],
  ])('that is %s has ERROR_INVALID_JSON_LINE', (_name, text) => {
    expect(codes(text)).toEqual(['ERROR_INVALID_JSON_LINE']);
  });

  it('without source-ref has ERROR_MISSING_SOURCE_REF', () => {
    expect(codes(line({ ref: undefined }))).toEqual(['ERROR_MISSING_SOURCE_REF']);
  });

  it.each([
    'a.jpg',
    'https://bucket/a.jpg',
    's3://bucket',
    's3://bucket/',
    's3:///a.jpg',
    's3://b/a.jpg',
    '',
  ])('with the source-ref %j has ERROR_INVALID_SOURCE_REF_FORMAT', (ref) => {
    expect(codes(line({ ref }))).toEqual(['ERROR_INVALID_SOURCE_REF_FORMAT']);
  });

  it.each([
    ['neither', { 'source-ref': 's3://bucket/a.jpg', note: 'x' }],
    ['no metadata', { 'source-ref': 's3://bucket/a.jpg', 'bounding-box': {} }],
    ['only metadata', { 'source-ref': 's3://bucket/a.jpg', 'bounding-box-metadata': {} }],
  ])('with %s has ERROR_NO_LABEL_ATTRIBUTES', (_name, record) => {
    expect(codes(JSON.stringify(record))).toEqual(['ERROR_NO_LABEL_ATTRIBUTES']);
  });

  it.each([
    ['image_size as an object', { image_size: { width: 640, height: 480, depth: 3 } }],
    ['no image_size', { image_size: undefined }],
    [
      'two image sizes',
      {
        image_size: [
          { width: 640, height: 480 },
          { width: 640, height: 480 },
        ],
      },
    ],
    ['a size as text', { image_size: [{ width: '640', height: 480 }] }],
    ['annotations as an object', { annotations: {} }],
    ['an annotation as a list', { annotations: [[0, 10, 10, 50, 50]] }],
    ['a fractional coordinate', { annotations: [{ ...ANNOTATION, left: 10.5 }] }],
    ['a coordinate as text', { annotations: [{ ...ANNOTATION, left: '10' }] }],
    ['a coordinate less', { annotations: [{ class_id: 0, left: 1, top: 1, width: 9 }] }],
  ])('with %s has ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT', (_name, label) => {
    expect(codes(line({ label }))).toEqual(['ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT']);
  });

  it.each([
    ['no creation-date', { 'creation-date': undefined }],
    ['no human-annotated', { 'human-annotated': undefined }],
    ['no objects', { objects: undefined }],
    ['no class-map', { 'class-map': undefined }],
    ['a class-map as a list', { 'class-map': ['acne'] }],
  ])('with %s has ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT', (_name, metadata) => {
    expect(codes(line({ metadata }))).toEqual(['ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT']);
  });

  it.each([
    ['fewer objects than annotations', { objects: [] }],
    ['an object without confidence', { objects: [{}] }],
    ['a confidence as text', { objects: [{ confidence: '1' }] }],
  ])('with %s has ERROR_MISSING_BOUNDING_BOX_CONFIDENCE', (_name, metadata) => {
    expect(codes(line({ metadata }))).toEqual(['ERROR_MISSING_BOUNDING_BOX_CONFIDENCE']);
  });

  it('with a class that the map lacks has ERROR_MISSING_CLASS_MAP_ID', () => {
    expect(codes(line({ annotations: [{ ...ANNOTATION, class_id: 2 }] }))).toEqual([
      'ERROR_MISSING_CLASS_MAP_ID',
    ]);
  });

  it('of another type has ERROR_UNSUPPORTED_USE_CASE_TYPE', () => {
    const { errors, status } = validateLine(
      line({ metadata: { type: 'groundtruth/semantic-segmentation' } }),
    );
    expect(status).toBe('invalid');
    expect(errors).toEqual([
      { code: 'ERROR_UNSUPPORTED_USE_CASE_TYPE', attribute: 'bounding-box', place: 'metadata' },
      { code: 'ERROR_NO_VALID_LABEL_ATTRIBUTES', attribute: '', place: 'line' },
    ]);
  });

  it('with another job’s attribute before it is read by both', () => {
    const chained = { 'source-ref': 's3://bucket/a.jpg', kind: 1, 'kind-metadata': CLASSIFIED };
    const result = validateLine(JSON.stringify({ ...chained, ...(JSON.parse(line()) as Json) }));
    expect(result).toMatchObject({ status: 'valid', classes: ['skin'], errors: [] });
    expect(result.boxes).toHaveLength(1);
  });

  it('with another job’s attribute that is wrong is read by its boxes', () => {
    const { confidence: _, ...wrong } = CLASSIFIED;
    const chained = { 'source-ref': 's3://bucket/a.jpg', kind: 1, 'kind-metadata': wrong };
    const result = validateLine(JSON.stringify({ ...chained, ...(JSON.parse(line()) as Json) }));
    expect(result).toMatchObject({
      status: 'valid',
      classes: [],
      errors: [
        { code: 'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT', attribute: 'kind', place: 'metadata' },
      ],
    });
    expect(result.boxes).toHaveLength(1);
  });

  it.each([
    ['a label as text', 'ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT', 'x', CLASSIFIED],
    ['no class-name', 'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT', 1, { ...CLASSIFIED, 'class-name': 7 }],
    [
      'a confidence of 2',
      'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT',
      1,
      { ...CLASSIFIED, confidence: 2 },
    ],
    [
      'a long class-name',
      'ERROR_INVALID_LABEL_NAME_LENGTH',
      1,
      { ...CLASSIFIED, 'class-name': 'x'.repeat(256) },
    ],
  ])('of image-level labels with %s has %s', (_name, code, label, metadata) => {
    const record = { 'source-ref': 's3://bucket/a.jpg', kind: label, 'kind-metadata': metadata };
    expect(codes(JSON.stringify(record))).toEqual([code]);
  });

  it.each([
    [63, 480],
    [640, 63],
    [4097, 4000],
    [64, 1281],
  ])('of an image of %i x %i has ERROR_INVALID_IMAGE_DIMENSION', (width, height) => {
    const box = { ...ANNOTATION, width: 20, height: 20 };
    expect(codes(line({ size: { width, height }, annotations: [box] }))).toEqual([
      'ERROR_INVALID_IMAGE_DIMENSION',
    ]);
  });

  it.each([
    [64, 64],
    [4096, 4096],
    [64, 1280],
  ])('of an image of %i x %i is valid', (width, height) => {
    const box = { ...ANNOTATION, width: 20, height: 20 };
    expect(codes(line({ size: { width, height }, annotations: [box] }))).toEqual([]);
  });

  it.each([
    ['left', { left: -1 }],
    ['top', { top: -1 }],
    ['right', { left: 591 }],
    ['bottom', { top: 431 }],
  ])('with a box past the %s edge has ERROR_INVALID_BOUNDING_BOX', (_name, place) => {
    const result = validateLine(line({ annotations: [{ ...ANNOTATION, ...place }, ANNOTATION] }));
    expect(result.errors).toEqual([
      { code: 'ERROR_INVALID_BOUNDING_BOX', attribute: 'bounding-box', place: 0 },
    ]);
    // The other box can still be used.
    expect(result.status).toBe('valid');
    expect(result.boxes).toHaveLength(1);
  });

  it('with a box up to the very edge is valid', () => {
    const whole = { class_id: 0, left: 0, top: 0, width: 640, height: 480 };
    expect(codes(line({ annotations: [whole] }))).toEqual([]);
  });

  it('without one good box also has ERROR_NO_VALID_ANNOTATIONS', () => {
    const result = validateLine(line({ annotations: [{ ...ANNOTATION, left: -1 }] }));
    expect(result.status).toBe('invalid');
    expect(result.errors.map(({ code, place }) => [code, place])).toEqual([
      ['ERROR_INVALID_BOUNDING_BOX', 0],
      ['ERROR_NO_VALID_ANNOTATIONS', 'line'],
    ]);
  });

  it.each([
    [640, 1, false],
    [640, 2, true],
    // The service shrinks 2560 to 1280: two pixels become one, three become more.
    [2560, 2, false],
    [2560, 3, true],
  ])('of an image %i wide with a box of %i pixels is valid: %s', (width, side, valid) => {
    const text = line({ size: { width }, annotations: [{ ...ANNOTATION, width: side }, ANNOTATION] });
    expect(codes(text)).toEqual(valid ? [] : ['ERROR_BOUNDING_BOX_TOO_SMALL']);
  });

  it('with 51 boxes has ERROR_TOO_MANY_BOUNDING_BOXES', () => {
    const boxes = (count: number) => Array.from({ length: count }, () => ANNOTATION);
    expect(codes(line({ annotations: boxes(50) }))).toEqual([]);
    expect(codes(line({ annotations: boxes(51) }))).toEqual(['ERROR_TOO_MANY_BOUNDING_BOXES']);
  });

  it.each([0, 256])('with a class name of %i characters has ERROR_INVALID_LABEL_NAME_LENGTH', (length) => {
    const metadata = { 'class-map': { 0: 'x'.repeat(length) } };
    expect(codes(line({ metadata }))).toContain('ERROR_INVALID_LABEL_NAME_LENGTH');
    expect(codes(line({ metadata: { 'class-map': { 0: 'x'.repeat(255) } } }))).toEqual([]);
  });

  it('without annotations is ignored, not wrong', () => {
    const empty = validateLine(line({ annotations: [] }));
    expect(empty.status).toBe('ignored');
    expect(empty.warnings.map(({ code, place }) => [code, place])).toEqual([
      ['WARNING_NO_ATTRIBUTE_ANNOTATIONS', 'attribute'],
      ['WARNING_NO_ANNOTATIONS', 'line'],
    ]);
    expect(warnings(line({ label: { annotations: undefined }, metadata: { objects: [] } }))).toEqual(
      empty.warnings.map(({ code }) => code),
    );
    expect(warnings(line({ annotations: [], metadata: { 'human-annotated': 'no' } }))).toEqual([
      'WARNING_UNANNOTATED_RECORD',
    ]);
    expect(codes(line({ annotations: [] }))).toEqual([]);
  });

  it('of an image alone is one that nobody has labelled', () => {
    const bare = { 'source-ref': 's3://bucket/a.jpg' };
    expect(warnings(JSON.stringify(bare))).toEqual(['WARNING_UNANNOTATED_RECORD']);
    expect(warnings(JSON.stringify({ ...bare, 'cl-metadata': { is_labeled: false } }))).toEqual([
      'WARNING_UNANNOTATED_RECORD',
    ]);
  });

  it('stops at the first error of format', () => {
    const text = line({ annotations: [{ ...ANNOTATION, class_id: 9, left: -1 }], size: { width: 10 } });
    expect(codes(text)).toEqual(['ERROR_MISSING_CLASS_MAP_ID']);
  });
});

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
    expect(result.lines[4]?.errors).toEqual([{ code: 'ERROR_INVALID_IMAGE', attribute: '', place: 'line' }]);
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
