import { describe, expect, it } from '@jest/globals';
import {
  archiveId,
  datasetVersion,
  imageTag,
  isDatasetName,
  modelVersionName,
  preprocessedKey,
  slug,
  uploadSha256,
} from '../../../src/dataset/model/identity.js';
import { rawKey } from '../../../src/dataset/model/layout.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type { ArchiveEntry, LabelledImage } from '../../../src/dataset/model/types.js';
import { planBatches } from '../../../src/dataset/reading/plan.js';

const entry = (path: string, more: Partial<ArchiveEntry> = {}): ArchiveEntry => ({
  path,
  offset: 0,
  compressedSize: 10,
  size: 10,
  crc32: 1,
  method: 0,
  modified: '2025-01-01T00:00:00',
  ...more,
});
const longestSegment = (key: string) =>
  Math.max(...key.split('/').map((segment) => Buffer.byteLength(segment)));
const COCO = [{ path: 'c.json', sha256: 'ab' }];

describe('archive id and dataset version', () => {
  const id = archiveId([entry('a'), entry('b')], COCO);

  it('archive id and dataset version depend on the content of the archive, not on how it was zipped', () => {
    const zippedAgain = [
      entry('b', { offset: 99, compressedSize: 3, method: 8, modified: '2026-01-01T00:00:00' }),
      entry('a'),
    ];
    expect(archiveId(zippedAgain, COCO)).toBe(id);
    expect(archiveId([entry('a'), entry('b', { crc32: 2 })], COCO)).not.toBe(id);
    expect(archiveId([entry('a'), entry('b', { size: 11 })], COCO)).not.toBe(id);
    expect(archiveId([entry('a'), entry('c')], COCO)).not.toBe(id);
    expect(archiveId([entry('a'), entry('b')], [{ path: 'c.json', sha256: 'ac' }])).not.toBe(id);
  });

  it('archive id and dataset version change with each setting', () => {
    const version = datasetVersion(id, DEFAULT_DATASET_SETTINGS);
    expect(datasetVersion(id, { ...DEFAULT_DATASET_SETTINGS })).toBe(version);
    for (const change of [
      { valSplit: 0.2 },
      { seed: 1 },
      { enableBalance: false },
      { imageMaxSide: 640 },
      { keepCrowd: true },
      { stretchContrast: 'auto' as const },
      { tiles: 2 },
    ]) {
      expect(datasetVersion(id, { ...DEFAULT_DATASET_SETTINGS, ...change })).not.toBe(version);
    }
  });
});

describe('a setting added in a later release', () => {
  it('does not change the version of existing datasets while it has its default', () => {
    const id = archiveId([entry('a')], COCO);
    const {
      keepCrowd: _crowd,
      stretchContrast: _stretch,
      tiles: _tiles,
      ...older
    } = DEFAULT_DATASET_SETTINGS;
    expect(datasetVersion(id, DEFAULT_DATASET_SETTINGS)).toBe(datasetVersion(id, older as DatasetSettings));
  });
});

describe('keys and names', () => {
  it('keys and names identify a preprocessed image by content and image settings', () => {
    const tag = imageTag('00', 'a.jpg', { imageMaxSide: 1280 });
    expect(tag).toMatch(/^[0-9a-f]{12}$/);
    expect(imageTag('01', 'a.jpg', { imageMaxSide: 1280 })).not.toBe(tag);
    expect(imageTag('00', 'a.jpg', { imageMaxSide: 640 })).not.toBe(tag);
    expect(imageTag('00', 'a.jpg', { imageMaxSide: 1280, stretchContrast: 'off' })).toBe(tag);
    expect(imageTag('00', 'a.jpg', { imageMaxSide: 1280, stretchContrast: 'auto' })).not.toBe(tag);
    expect(imageTag('00', 'a.jpg', { imageMaxSide: 1280, tiles: 1 })).toBe(tag);
    expect(imageTag('00', 'a.jpg', { imageMaxSide: 1280, tiles: 2 })).not.toBe(tag);
    expect(preprocessedKey('d', 'train/photo.v2.jpeg', tag, 'jpg')).toBe(
      `datasets/d/preprocessed/train/photo.v2.${tag}.jpg`,
    );
    expect(preprocessedKey('d', 'train/.hidden', tag, 'png')).toBe(
      `datasets/d/preprocessed/train/.hidden.${tag}.png`,
    );
  });

  it('keys and names differ between images with the same content and the same name without extension', () => {
    const long = 'n'.repeat(240);
    const paths = ['a/x.jpg', 'a/x.jpeg', 'a/x.png', 'a/x', 'b/x.jpg', `${long}1.jpg`, `${long}2.jpg`];
    const keys = paths.map((path) =>
      preprocessedKey('d', path, imageTag('00', path, { imageMaxSide: 640 }), 'jpg'),
    );
    expect(new Set(keys).size).toBe(paths.length);
  });

  it.each([
    ['a long name', `${'ü'.repeat(300)}.jpg`],
    ['a long folder', `${'n'.repeat(300)}/a.jpg`],
  ])('keys and names keep each segment within 255 bytes: %s', (_, path) => {
    const key = preprocessedKey('d', path, '0123456789ab', 'jpg');
    expect(longestSegment(key)).toBeLessThanOrEqual(255);
  });

  it('keys and names keep all segments within 255 bytes and differ if names have 255 characters', () => {
    const names = ['1', '2'].map((end) => `${'质'.repeat(250)}${end}.jpg`);
    const paths = names.flatMap((name) => [name, `${name}/a.jpg`, `a/${name}`]);
    const raw = paths.map((path) => rawKey('d', path));
    const preprocessed = paths.map((path) =>
      preprocessedKey('d', path, imageTag('00', path, { imageMaxSide: 640 }), 'jpg'),
    );
    for (const keys of [raw, preprocessed]) {
      expect(Math.max(...keys.map(longestSegment))).toBeLessThanOrEqual(255);
      expect(new Set(keys).size).toBe(paths.length);
    }
    expect(rawKey('d', 'train/photo.jpg')).toBe('datasets/d/raw/train/photo.jpg');
  });

  it.each([
    ['Serie 1/Grüße (2) #3.jpg', 'Serie-1/Grusse-2-3'],
    [`50% "best" 'of'.png`, '50-best-of'],
    ['写真/ภาพ.jpg', '_/_'],
    ['a&b=c;d@e:f+g,h?i\\j{k}^l`m[n]~o<p>q|r.jpg', 'a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r'],
    ['../x.jpg', '_/x'],
    ['new\nline\u007f.jpg', 'new-line'],
  ])('keys of a preprocessed image need no encoding: %j', (path, name) => {
    const key = preprocessedKey('d', path, '0123456789ab', 'jpg');
    expect(key).toBe(`datasets/d/preprocessed/${name}.0123456789ab.jpg`);
    expect(new URL(`s3://bucket/${key}`).pathname).toBe(`/${key}`);
  });

  it('keys and names identify an upload by bucket, key and ETag', () => {
    const upload = { bucket: 'b', key: 'k', etag: 'e' };
    expect(uploadSha256({ ...upload })).toBe(uploadSha256(upload));
    expect(uploadSha256({ ...upload, etag: 'f' })).not.toBe(uploadSha256(upload));
  });

  it('keys and names identify a model by its manifests and the attempt', () => {
    expect(modelVersionName({ train: 'a', val: 'b' }, 1)).toMatch(/^[0-9a-f]{16}-r1$/);
    expect(modelVersionName({ train: 'a', val: 'c' }, 1)).not.toBe(
      modelVersionName({ train: 'a', val: 'b' }, 1),
    );
    expect(modelVersionName({ train: 'a', val: 'b' }, 2)).toMatch(/-r2$/);
  });

  it.each([
    ['Face Skin Problems.v1i.coco.zip', 'face-skin-problems'],
    ['acne-types-roboflow.zip', 'acne-types-roboflow'],
    ['Übung  2.ZIP', 'ubung-2'],
    ['Skin.v3-augmented.coco-segmentation.zip', 'skin'],
    ['C:\\exports\\Skin v2.zip', 'skin-v2'],
    ['2025.zip', '2025'],
  ])('the file name %s gives the dataset name %s', (file, name) => {
    expect(slug(file)).toBe(name);
  });

  it('file names without Latin letters give different valid dataset names', () => {
    expect(isDatasetName(slug('皮膚.zip'))).toBe(true);
    expect(slug('皮膚.zip')).not.toBe(slug('痣.zip'));
    expect(slug('皮膚 2025.zip')).not.toBe(slug('痣 2025.zip'));
    expect(slug('가.zip'.normalize('NFD'))).toBe(slug('가.zip'.normalize('NFC')));
    expect(isDatasetName(slug(`${'x'.repeat(300)}皮.zip`))).toBe(true);
  });

  it.each(['', '-a', 'A', 'a/b', '..', 'a b', 'a'.repeat(101)])('refuse %j as a dataset name', (name) => {
    expect(isDatasetName(name)).toBe(false);
  });
});

describe('planBatches', () => {
  const image = (path: string): LabelledImage => ({
    path,
    cocoFile: 'c',
    record: 'image id 1',
    width: 1,
    height: 1,
    annotations: 0,
    boxes: [],
  });

  it('divides neighbouring entries into batches with a maximum number of images and bytes', () => {
    const entries = [30, 10, 20, 40].map((offset) => entry(`${offset}.jpg`, { offset, compressedSize: 60 }));
    const images = entries.map(({ path }) => image(path));
    const paths = (options: object) =>
      planBatches(images, entries, options).map((batch) => batch.images.map(({ entry: { path } }) => path));
    expect(paths({ maxImages: 3 })).toEqual([['10.jpg', '20.jpg', '30.jpg'], ['40.jpg']]);
    expect(paths({ maxBytes: 125 })).toEqual([
      ['10.jpg', '20.jpg'],
      ['30.jpg', '40.jpg'],
    ]);
    expect(paths({ maxBytes: 1 })).toHaveLength(4);
  });
});
