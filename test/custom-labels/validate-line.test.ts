import { describe, expect, it } from '@jest/globals';
import { validateLine } from '../../src/custom-labels/validate-line.js';
import { ANNOTATION, CLASSIFIED, codes, type Json, line, warnings } from './manifest-lines.js';

describe('validateLine', () => {
  it('accepts a line that follows the guide', () => {
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
  ])('reports ERROR_INVALID_JSON_LINE for %s', (_name, text) => {
    expect(codes(text)).toEqual(['ERROR_INVALID_JSON_LINE']);
  });

  it('reports ERROR_MISSING_SOURCE_REF for a line without source-ref', () => {
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
  ])('reports ERROR_INVALID_SOURCE_REF_FORMAT for the source-ref %j', (ref) => {
    expect(codes(line({ ref }))).toEqual(['ERROR_INVALID_SOURCE_REF_FORMAT']);
  });

  it.each([
    ['neither', { 'source-ref': 's3://bucket/a.jpg', note: 'x' }],
    ['no metadata', { 'source-ref': 's3://bucket/a.jpg', 'bounding-box': {} }],
    ['only metadata', { 'source-ref': 's3://bucket/a.jpg', 'bounding-box-metadata': {} }],
  ])('reports ERROR_NO_LABEL_ATTRIBUTES for a line with %s', (_name, record) => {
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
    ['a missing coordinate', { annotations: [{ class_id: 0, left: 1, top: 1, width: 9 }] }],
  ])('reports ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT for %s', (_name, label) => {
    expect(codes(line({ label }))).toEqual(['ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT']);
  });

  it.each([
    ['no creation-date', { 'creation-date': undefined }],
    ['no human-annotated', { 'human-annotated': undefined }],
    ['no objects', { objects: undefined }],
    ['no class-map', { 'class-map': undefined }],
    ['a class-map as a list', { 'class-map': ['acne'] }],
  ])('reports ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT for %s', (_name, metadata) => {
    expect(codes(line({ metadata }))).toEqual(['ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT']);
  });

  it.each([
    ['fewer objects than annotations', { objects: [] }],
    ['an object without confidence', { objects: [{}] }],
    ['a confidence as text', { objects: [{ confidence: '1' }] }],
  ])('reports ERROR_MISSING_BOUNDING_BOX_CONFIDENCE for %s', (_name, metadata) => {
    expect(codes(line({ metadata }))).toEqual(['ERROR_MISSING_BOUNDING_BOX_CONFIDENCE']);
  });

  it('reports ERROR_MISSING_CLASS_MAP_ID for a class that is missing in the class-map', () => {
    expect(codes(line({ annotations: [{ ...ANNOTATION, class_id: 2 }] }))).toEqual([
      'ERROR_MISSING_CLASS_MAP_ID',
    ]);
  });

  it('reports ERROR_UNSUPPORTED_USE_CASE_TYPE for another type', () => {
    const { errors, status } = validateLine(
      line({ metadata: { type: 'groundtruth/semantic-segmentation' } }),
    );
    expect(status).toBe('invalid');
    expect(errors).toEqual([
      { code: 'ERROR_UNSUPPORTED_USE_CASE_TYPE', attribute: 'bounding-box', location: 'metadata' },
      { code: 'ERROR_NO_VALID_LABEL_ATTRIBUTES', attribute: '', location: 'line' },
    ]);
  });

  it('reads the attributes of two jobs', () => {
    const chained = { 'source-ref': 's3://bucket/a.jpg', kind: 1, 'kind-metadata': CLASSIFIED };
    const result = validateLine(JSON.stringify({ ...chained, ...(JSON.parse(line()) as Json) }));
    expect(result).toMatchObject({ status: 'valid', classes: ['skin'], errors: [] });
    expect(result.boxes).toHaveLength(1);
  });

  it('reads the boxes of a line whose other attribute is invalid', () => {
    const { confidence: _, ...wrong } = CLASSIFIED;
    const chained = { 'source-ref': 's3://bucket/a.jpg', kind: 1, 'kind-metadata': wrong };
    const result = validateLine(JSON.stringify({ ...chained, ...(JSON.parse(line()) as Json) }));
    expect(result).toMatchObject({
      status: 'valid',
      classes: [],
      errors: [
        { code: 'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT', attribute: 'kind', location: 'metadata' },
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
  ])('reports for image-level labels with %s the code %s', (_name, code, label, metadata) => {
    const record = { 'source-ref': 's3://bucket/a.jpg', kind: label, 'kind-metadata': metadata };
    expect(codes(JSON.stringify(record))).toEqual([code]);
  });

  it.each([
    [63, 480],
    [640, 63],
    [4097, 4000],
    [64, 1281],
  ])('reports ERROR_INVALID_IMAGE_DIMENSION for an image of %i x %i', (width, height) => {
    const box = { ...ANNOTATION, width: 20, height: 20 };
    expect(codes(line({ size: { width, height }, annotations: [box] }))).toEqual([
      'ERROR_INVALID_IMAGE_DIMENSION',
    ]);
  });

  it.each([
    [64, 64],
    [4096, 4096],
    [64, 1280],
  ])('accepts an image of %i x %i', (width, height) => {
    const box = { ...ANNOTATION, width: 20, height: 20 };
    expect(codes(line({ size: { width, height }, annotations: [box] }))).toEqual([]);
  });

  it.each([
    ['left', { left: -1 }],
    ['top', { top: -1 }],
    ['right', { left: 591 }],
    ['bottom', { top: 431 }],
  ])('reports ERROR_INVALID_BOUNDING_BOX for a box beyond the %s edge', (_name, box) => {
    const result = validateLine(line({ annotations: [{ ...ANNOTATION, ...box }, ANNOTATION] }));
    expect(result.errors).toEqual([
      { code: 'ERROR_INVALID_BOUNDING_BOX', attribute: 'bounding-box', location: 0 },
    ]);
    // The other box remains usable.
    expect(result.status).toBe('valid');
    expect(result.boxes).toHaveLength(1);
  });

  it('accepts a box that covers the whole image', () => {
    const whole = { class_id: 0, left: 0, top: 0, width: 640, height: 480 };
    expect(codes(line({ annotations: [whole] }))).toEqual([]);
  });

  it('reports ERROR_NO_VALID_ANNOTATIONS for a line without a valid box', () => {
    const result = validateLine(line({ annotations: [{ ...ANNOTATION, left: -1 }] }));
    expect(result.status).toBe('invalid');
    expect(result.errors.map(({ code, location }) => [code, location])).toEqual([
      ['ERROR_INVALID_BOUNDING_BOX', 0],
      ['ERROR_NO_VALID_ANNOTATIONS', 'line'],
    ]);
  });

  it.each([
    [640, 1, false],
    [640, 2, true],
    // The service resizes 2560 to 1280: two pixels become one, three become more.
    [2560, 2, false],
    [2560, 3, true],
  ])('a line for an image %i wide and a box of %i pixels is valid: %s', (width, side, valid) => {
    const text = line({ size: { width }, annotations: [{ ...ANNOTATION, width: side }, ANNOTATION] });
    expect(codes(text)).toEqual(valid ? [] : ['ERROR_BOUNDING_BOX_TOO_SMALL']);
  });

  it('reports ERROR_TOO_MANY_BOUNDING_BOXES for 51 boxes', () => {
    const boxes = (count: number) => Array.from({ length: count }, () => ANNOTATION);
    expect(codes(line({ annotations: boxes(50) }))).toEqual([]);
    expect(codes(line({ annotations: boxes(51) }))).toEqual(['ERROR_TOO_MANY_BOUNDING_BOXES']);
  });

  it.each([0, 256])('reports ERROR_INVALID_LABEL_NAME_LENGTH for a class name of %i characters', (length) => {
    const metadata = { 'class-map': { 0: 'x'.repeat(length) } };
    expect(codes(line({ metadata }))).toContain('ERROR_INVALID_LABEL_NAME_LENGTH');
    expect(codes(line({ metadata: { 'class-map': { 0: 'x'.repeat(255) } } }))).toEqual([]);
  });

  it('ignores a line without annotations', () => {
    const empty = validateLine(line({ annotations: [] }));
    expect(empty.status).toBe('ignored');
    expect(empty.warnings.map(({ code, location }) => [code, location])).toEqual([
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

  it('reports WARNING_UNANNOTATED_RECORD for a line with an image only', () => {
    const bare = { 'source-ref': 's3://bucket/a.jpg' };
    expect(warnings(JSON.stringify(bare))).toEqual(['WARNING_UNANNOTATED_RECORD']);
    expect(warnings(JSON.stringify({ ...bare, 'cl-metadata': { is_labeled: false } }))).toEqual([
      'WARNING_UNANNOTATED_RECORD',
    ]);
  });

  it('stops at the first format error', () => {
    const text = line({ annotations: [{ ...ANNOTATION, class_id: 9, left: -1 }], size: { width: 10 } });
    expect(codes(text)).toEqual(['ERROR_MISSING_CLASS_MAP_ID']);
  });
});
