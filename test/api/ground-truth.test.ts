import { describe, expect, it } from '@jest/globals';
import {
  type ManifestImage,
  validateManifest,
  validateManifestPair,
  writeManifest,
} from '../../src/api/ground-truth.js';

const OPTIONS = { jobName: 'skin', creationDate: '2026-01-05T09:00:00' };

function image(name: string, label = 'papule', side = 30): ManifestImage {
  const boxes = [{ label, left: 4, top: 5, width: side, height: side }];
  return { uri: `s3://bucket/images/${name}.jpg`, width: 96, height: 80, boxes };
}

describe('curator/ground-truth', () => {
  it('writes a manifest that its own validation accepts', () => {
    const manifest = writeManifest([image('b', 'nodule'), image('a')], OPTIONS);
    expect(JSON.parse(manifest.split('\n')[0] ?? '')).toMatchObject({
      'source-ref': 's3://bucket/images/a.jpg',
      'bounding-box': { annotations: [{ class_id: 1, left: 4, top: 5, width: 30, height: 30 }] },
      'bounding-box-metadata': { 'class-map': { 1: 'papule' }, 'job-name': 'skin' },
    });
    expect(validateManifest(manifest)).toEqual({
      lines: { valid: 2, invalid: 0, ignored: 0 },
      labels: ['nodule', 'papule'],
      errors: [],
      problems: [],
    });
  });

  it('takes class ids from the given labels', () => {
    const manifest = writeManifest([image('a')], { ...OPTIONS, labels: ['papule', 'nodule'] });
    expect(JSON.parse(manifest)['bounding-box'].annotations[0].class_id).toBe(0);
  });

  it.each([
    ['images of two buckets', [image('a'), { ...image('b'), uri: 's3://other/b.jpg' }], 'bucket and other'],
    ['an address that is not an S3 URI', [{ ...image('a'), uri: 'https://a/b.jpg' }], 'not an S3 URI'],
  ])('refuses %s', (_what, images, message) => {
    expect(() => writeManifest(images, OPTIONS)).toThrow(message);
  });

  it('refuses a label that is missing among the given labels', () => {
    expect(() => writeManifest([image('a')], { ...OPTIONS, labels: [] })).toThrow(
      '"papule" is not in labels',
    );
  });

  it("reports a problem by its line with the service's message", () => {
    const { lines, problems } = validateManifest(
      writeManifest([image('a'), image('b', 'papule', 1)], OPTIONS),
    );
    expect(lines).toEqual({ valid: 1, invalid: 1, ignored: 0 });
    expect(problems).toContainEqual({
      line: 2,
      severity: 'error',
      code: 'ERROR_BOUNDING_BOX_TOO_SMALL',
      message: 'The height and width of the bounding box is too small.',
    });
  });

  it('refuses a pair of manifests whose labels differ', () => {
    const train = writeManifest([image('a')], OPTIONS);
    const val = writeManifest([image('b', 'nodule')], OPTIONS);
    expect(validateManifestPair(train, val).refusal).toContain('ERROR_INSUFFICIENT_LABEL_OVERLAP');
    expect(validateManifestPair(train, train).refusal).toBeNull();
  });
});
