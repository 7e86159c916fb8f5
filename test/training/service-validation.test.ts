import { describe, expect, it } from '@jest/globals';
import { StorageError } from '../../src/storage/errors.js';
import { readServiceValidation } from '../../src/training/service-validation.js';
import { fileStore } from '../support/file-store.js';

const object = (Name: string) => ({ S3Object: { Bucket: 'bucket', Name } });
const assets = (Name: string) => ({ Assets: [{ GroundTruthManifest: object(Name) }] });
const VERSION = {
  ManifestSummary: object('out/summary.json'),
  TrainingDataResult: { Input: assets('v/train.manifest'), Validation: assets('out/train.json') },
  TestingDataResult: { Input: assets('v/val.manifest'), Validation: assets('out/test.json') },
};

/** A manifest summary in the form of the developer guide's sample ("Understanding the manifest summary"). */
const statistics = (total: number, indices: readonly number[], errors: readonly object[] = []) => ({
  use_case: 'NOT_DETERMINED',
  total_json_lines: total,
  valid_json_lines: total - indices.length,
  invalid_json_lines: indices.length,
  ignored_json_lines: 0,
  error_json_line_indices: indices,
  errors,
});
const problem = (code: string) => ({ code, message: 'A message.' });
const INVALID = problem('ERROR_INVALID_IMAGE');
const summaryOf = (training: object, testing: object, errors: readonly object[] = []) =>
  JSON.stringify({ statistics: { training, testing }, errors });

const line = (image: string, more: object = {}) =>
  JSON.stringify({ 'source-ref': `s3://bucket/pre/${image}`, boxes: { annotations: [] }, ...more });
const text = (lines: readonly string[]) => lines.map((one) => `${one}\n`).join('');

type Files = Readonly<Record<string, string | StorageError>>;
const FILES: Files = {
  'out/summary.json': summaryOf(statistics(3, [2]), statistics(1, [])),
  'out/train.json': text([line('a'), line('b', { errors: [INVALID] }), line('c')]),
  'out/test.json': text([line('t')]),
  'v/images.jsonl': text(
    ['a', 'b', 'c', 't'].map((one) => JSON.stringify({ key: `pre/${one}`, path: `x/${one}.jpg` })),
  ),
};

function read(files: Files, version: Parameters<typeof readServiceValidation>[1] = VERSION) {
  return readServiceValidation(fileStore(files), version, new AbortController().signal);
}

describe('readServiceValidation', () => {
  it('counts lines and codes, and names the file of each reported line', async () => {
    expect(await read(FILES)).toEqual({
      training: {
        lines: { total: 3, valid: 2, invalid: 1, ignored: 0 },
        errors: [],
        reported: 1,
        codes: [{ code: 'ERROR_INVALID_IMAGE', lines: 1 }],
        examples: [{ line: 2, codes: ['ERROR_INVALID_IMAGE'], file: 'x/b.jpg' }],
      },
      testing: {
        lines: { total: 1, valid: 1, invalid: 0, ignored: 0 },
        ...{ errors: [], reported: 0, codes: [], examples: [] },
      },
      errors: [],
      problem: null,
    });
  });

  it.each([
    ['an attribute', { boxes: { annotations: [], errors: [problem('CODE')] } }],
    ['the metadata of an attribute', { 'boxes-metadata': { errors: [problem('CODE')] } }],
    ['an annotation', { boxes: { annotations: [{ left: 1 }, { left: 2, errors: [problem('CODE')] }] } }],
    ['a warning', { warnings: [problem('CODE')] }],
    ['an entry of a dataset', { 'cl-errors': [problem('CODE')] }],
  ])('reads the code of %s', async (_, more) => {
    const { training } = await read({ ...FILES, 'out/train.json': text([line('a', more)]) });
    expect(training.examples).toEqual([{ line: 1, codes: ['CODE'], file: 'x/a.jpg' }]);
  });

  it('reads a line that the service replaced by its error, and an image that images.jsonl does not list', async () => {
    const lines = [
      JSON.stringify({ errors: [problem('ERROR_INVALID_JSON_LINE')] }),
      line('new', { errors: [INVALID] }),
    ];
    const { training } = await read({ ...FILES, 'out/train.json': text(lines) });
    expect(training.examples.map(({ file }) => file)).toEqual([null, 'pre/new']);
    const { 'v/images.jsonl': __, ...old } = FILES;
    expect((await read(old)).training.examples).toMatchObject([{ file: 'pre/b' }]);
    expect((await read(old)).problem).toBeNull();
  });

  it('takes classes that are called errors for no problem', async () => {
    const named = line('a', { 'boxes-metadata': { 'class-map': { 0: 'errors', 1: 'warnings' } } });
    expect((await read({ ...FILES, 'out/train.json': text([named]) })).training.reported).toBe(0);
  });

  it('counts all lines and lists the first 20, the most frequent code first', async () => {
    const lines = Array.from({ length: 300 }, (_, n) =>
      line(`${n}`, { errors: [problem('SAME'), ...(n < 100 ? [problem(`CODE_${n}`)] : [])] }),
    );
    const { training } = await read({ ...FILES, 'out/train.json': text(lines) });
    expect(training.reported).toBe(300);
    expect(training.codes[0]).toEqual({ code: 'SAME', lines: 300 });
    expect(training.codes).toHaveLength(50);
    expect(training.examples.map((one) => one.line)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it('reads the errors that ended a training', async () => {
    const errors = [problem('ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST')];
    const summary = summaryOf(statistics(3, [1, 2], errors), statistics(1, []), [
      problem('ERROR_INSUFFICIENT_LABEL_OVERLAP'),
    ]);
    expect(await read({ ...FILES, 'out/summary.json': summary })).toMatchObject({
      training: { errors: ['ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST'] },
      testing: { errors: [] },
      errors: ['ERROR_INSUFFICIENT_LABEL_OVERLAP'],
    });
  });

  it.each([
    ['is missing', new StorageError('missing', 'Could not read the summary.'), /Could not read the summary/],
    ['is not JSON', '<html>', /s3:\/\/bucket\/out\/summary\.json is not a manifest summary: the file: /],
    ['has another form', '{"statistics": {}}', /is not a manifest summary: statistics\.training: /],
  ])('names a manifest summary that %s, and still reads the lines', async (_, file, expected) => {
    const { problem: why, training } = await read({ ...FILES, 'out/summary.json': file });
    expect(why).toMatch(expected);
    expect(training).toMatchObject({ lines: null, reported: 1 });
  });

  it('names a validation manifest that cannot be read, and still reads the others', async () => {
    const { 'out/train.json': _, ...others } = FILES;
    expect(await read(others)).toMatchObject({
      training: { lines: { invalid: 1 }, reported: 0 },
      problem: 'out/train.json is missing.',
    });
    const { TestingDataResult: __, ...version } = VERSION;
    expect((await read(FILES, version)).problem).toBe(
      'The service returned no validation of the testing manifest.',
    );
  });

  it('says that the service returned no results, as after an error of a manifest file', async () => {
    expect(await read(FILES, {})).toMatchObject({ problem: 'The service returned none.' });
  });

  it.each(['out/summary.json', 'out/train.json', 'v/images.jsonl'])(
    'passes on an outage of S3 at %s for a retry',
    async (key) => {
      const outage = new StorageError('unavailable', 'connection refused');
      await expect(read({ ...FILES, [key]: outage })).rejects.toBe(outage);
    },
  );
});
