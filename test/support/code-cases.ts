import type { ServiceCode } from '../../src/custom-labels/rules.js';
import { ACNE, type CodedTraining, changed, classified, good, imageOf, SIDE } from './coded.js';
import type { TestBox } from './manifests.js';
import { ACCESS_DENIED } from './s3-proxy.js';
import { BUCKET } from './servers.js';

const fine = (count = 9) => good(BUCKET, count);
const tested = (boxes?: readonly TestBox[]) => good(BUCKET, 2, 10, boxes);
/** Nine valid lines and one invalid line, which is within the service's limit. */
export const withBad = (line: string): CodedTraining => ({ train: [...fine(), line], test: tested() });
const named = (label: string): TestBox => [label, 10, 10, 20, 20];

/** An error of the manifest file: reported in the status message only; no output file is written. */
export type FileCase = { kind: 'file'; training: () => CodedTraining };
/** An error of the content: reported in the manifest summary, for its set, and in the status message. */
export type ContentCase = {
  kind: 'content';
  at: 'training' | 'testing' | 'pair';
  training: () => CodedTraining;
};
/** A problem of a line: reported in the validation manifest, on or within the last line. */
export type LineCase = {
  kind: 'line';
  at: 'line' | 'attribute' | 'metadata' | number;
  /** Whether the training uses the line despite the problem. */
  used?: true;
  line: () => string;
};
/** An error of a dataset: reported in its status. */
export type DatasetCase = {
  kind: 'dataset';
  status: string;
  train: () => readonly string[];
  distribute?: true;
};

/** A case for each code of the service. The type requires all codes. */
export const CODE_CASES: Record<ServiceCode, FileCase | ContentCase | LineCase | DatasetCase> = {
  ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT: {
    kind: 'file',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ path }) => (path.endsWith('test.manifest') ? { status: 404 } : undefined),
    }),
  },
  ERROR_EMPTY_MANIFEST: { kind: 'file', training: () => ({ train: fine(), test: [] }) },
  ERROR_MANIFEST_SIZE_TOO_LARGE: {
    kind: 'file',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ method, path }) =>
        method === 'HEAD' && path.endsWith('train.manifest')
          ? { status: 200, headers: { 'content-length': `${1024 ** 3 + 1}` } }
          : undefined,
    }),
  },
  ERROR_CANNOT_WRITE_OUTPUT_S3_BUCKET: {
    kind: 'file',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ method }) => (method === 'PUT' ? ACCESS_DENIED : undefined),
    }),
  },
  ERROR_INVALID_PERMISSIONS_MANIFEST_S3_BUCKET: {
    kind: 'file',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ path }) => (path.endsWith('.manifest') ? ACCESS_DENIED : undefined),
    }),
  },
  ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM: {
    kind: 'content',
    at: 'testing',
    training: () => ({ train: fine(), test: [...tested(), ...Array<string>(250_000).fill('')] }),
  },
  ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST: {
    kind: 'content',
    at: 'training',
    training: () => ({ train: [...fine(8), '{', '{', '{'], test: tested() }),
  },
  ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS: {
    kind: 'content',
    at: 'training',
    training: () => withBad(good('another-bucket', 1)[0] ?? ''),
  },
  ERROR_INVALID_PERMISSIONS_IMAGES_S3_BUCKET: {
    kind: 'content',
    at: 'training',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ path }) => (path.endsWith('.jpg') ? ACCESS_DENIED : undefined),
    }),
  },
  ERROR_INVALID_IMAGES_S3_BUCKET_OWNER: {
    kind: 'content',
    at: 'training',
    training: () => ({
      train: fine(),
      test: tested(),
      chaos: 'fail-training=ERROR_INVALID_IMAGES_S3_BUCKET_OWNER',
    }),
  },
  ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT: {
    kind: 'content',
    at: 'training',
    training: () => ({ train: [...fine(), ...good(BUCKET, 1, 9, [named('mole')])] }),
  },
  ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_DISTRIBUTE: {
    kind: 'dataset',
    status: 'UPDATE_FAILED',
    distribute: true,
    train: () => [...fine(), ...good(BUCKET, 1, 9, [named('mole')])],
  },
  ERROR_MANIFEST_TOO_FEW_LABELS: {
    kind: 'content',
    at: 'training',
    training: () => ({ train: good(BUCKET, 9, 0, []), test: tested() }),
  },
  ERROR_MANIFEST_TOO_MANY_LABELS: {
    kind: 'content',
    at: 'training',
    training: () => {
      const boxes = Array.from({ length: 251 }, (_, n) => named(`label ${n}`));
      const lines = Array.from({ length: 6 }, (_, n) => good(BUCKET, 1, n, boxes.slice(n * 50, n * 50 + 50)));
      return { train: lines.flat(), test: lines.flat().slice(0, 4) };
    },
  },
  ERROR_INSUFFICIENT_LABEL_OVERLAP: {
    kind: 'content',
    at: 'pair',
    training: () => ({ train: fine(), test: tested([named('mole')]) }),
  },
  ERROR_MANIFEST_TOO_FEW_USABLE_LABELS: {
    kind: 'content',
    at: 'training',
    training: () => ({
      train: [...[0, 1, 2, 3].map((n) => classified(BUCKET, imageOf(n), 'skin')), ...good(BUCKET, 2, 4)],
      test: [classified(BUCKET, imageOf(10), 'skin'), ...good(BUCKET, 1, 11)],
    }),
  },
  ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP: {
    kind: 'content',
    at: 'pair',
    training: () => ({
      train: [...fine(4), classified(BUCKET, imageOf(5), 'skin')],
      test: [classified(BUCKET, imageOf(10), 'acne'), ...good(BUCKET, 1, 11, [named('skin')])],
    }),
  },
  ERROR_FAILED_IMAGES_S3_COPY: {
    kind: 'content',
    at: 'training',
    training: () => ({ train: good(BUCKET, 4, 1_000), test: tested() }),
  },
  ERROR_TOO_MANY_RECORDS_IN_ERROR: {
    kind: 'dataset',
    status: 'CREATE_FAILED',
    train: () => [...fine(8), '{', '{', '{'],
  },
  ERROR_MISSING_SOURCE_REF: {
    kind: 'line',
    at: 'line',
    line: () => changed(BUCKET, { line: { 'source-ref': undefined } }),
  },
  ERROR_INVALID_SOURCE_REF_FORMAT: {
    kind: 'line',
    at: 'line',
    line: () => changed(BUCKET, { line: { 'source-ref': 'https://example.com/a.jpg' } }),
  },
  ERROR_NO_LABEL_ATTRIBUTES: {
    kind: 'line',
    at: 'line',
    line: () => changed(BUCKET, { line: { 'boxes-metadata': undefined } }),
  },
  ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT: {
    kind: 'line',
    at: 'attribute',
    line: () => changed(BUCKET, { label: { image_size: SIDE } }),
  },
  ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(BUCKET, { metadata: { 'creation-date': undefined } }),
  },
  ERROR_NO_VALID_LABEL_ATTRIBUTES: {
    kind: 'line',
    at: 'line',
    line: () => changed(BUCKET, { metadata: { type: 'groundtruth/semantic-segmentation' } }),
  },
  ERROR_MISSING_BOUNDING_BOX_CONFIDENCE: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(BUCKET, { metadata: { objects: [] } }),
  },
  ERROR_MISSING_CLASS_MAP_ID: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(BUCKET, { metadata: { 'class-map': {} } }),
  },
  ERROR_INVALID_JSON_LINE: { kind: 'line', at: 'line', line: () => '{"source-ref":' },
  ERROR_INVALID_IMAGE: {
    kind: 'line',
    at: 'line',
    line: () => changed(BUCKET, { line: { 'source-ref': `s3://${BUCKET}/code/text.jpg` } }),
  },
  ERROR_INVALID_IMAGE_DIMENSION: {
    kind: 'line',
    at: 'line',
    line: () =>
      changed(BUCKET, {
        line: { 'source-ref': `s3://${BUCKET}/code/small.jpg` },
        label: { image_size: [{ width: 60, height: 100, depth: 3 }] },
      }),
  },
  ERROR_INVALID_BOUNDING_BOX: {
    kind: 'line',
    at: 1,
    used: true,
    line: () => changed(BUCKET, { boxes: [ACNE, ['acne', 90, 10, 20, 20]] }),
  },
  ERROR_NO_VALID_ANNOTATIONS: {
    kind: 'line',
    at: 'line',
    line: () => changed(BUCKET, { boxes: [['acne', -1, 10, 20, 20]] }),
  },
  ERROR_BOUNDING_BOX_TOO_SMALL: {
    kind: 'line',
    at: 0,
    used: true,
    line: () => changed(BUCKET, { boxes: [['acne', 10, 10, 1, 20], ACNE] }),
  },
  ERROR_TOO_MANY_BOUNDING_BOXES: {
    kind: 'line',
    at: 'attribute',
    line: () => changed(BUCKET, { boxes: Array<TestBox>(51).fill(ACNE) }),
  },
  ERROR_UNSUPPORTED_USE_CASE_TYPE: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(BUCKET, { metadata: { type: 'groundtruth/text' } }),
  },
  ERROR_INVALID_LABEL_NAME_LENGTH: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(BUCKET, { boxes: [named('x'.repeat(256))] }),
  },
  WARNING_UNANNOTATED_RECORD: {
    kind: 'line',
    at: 'line',
    line: () => JSON.stringify({ 'source-ref': `s3://${BUCKET}/${imageOf(99)}` }),
  },
  WARNING_NO_ANNOTATIONS: { kind: 'line', at: 'line', line: () => changed(BUCKET, { boxes: [] }) },
  WARNING_NO_ATTRIBUTE_ANNOTATIONS: {
    kind: 'line',
    at: 'attribute',
    line: () => changed(BUCKET, { boxes: [] }),
  },
};
