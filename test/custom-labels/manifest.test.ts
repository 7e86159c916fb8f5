import { describe, expect, it } from '@jest/globals';
import { validateManifest } from '../../src/custom-labels/validate-manifest.js';
import { manifestText } from '../../src/custom-labels/write-manifest.js';
import { labelsJson, labelsTxt } from '../../src/dataset/curating/labels.js';
import type { CuratedImage } from '../../src/dataset/model/types.js';

const CONTEXT = {
  bucket: 'dermavision-offline',
  dataset: 'skin-2025-09',
  creationDate: '2025-09-14T08:30:12',
};
const LABELS = ['acne', 'mole', 'wart'];

const imageOf = (key: string, over: Partial<CuratedImage> = {}): CuratedImage => ({
  path: key,
  key,
  size: { width: 640, height: 480 },
  boxes: [{ label: 'mole', left: 1, top: 2, width: 30, height: 40 }],
  group: key,
  sourceSha256: key,
  ...over,
});

describe('manifestText', () => {
  it('writes lines in the format of Ground Truth with a fixed order of keys', () => {
    const image = imageOf('datasets/d/preprocessed/a.0123456789ab.jpg', {
      boxes: [
        { label: 'wart', left: 5, top: 6, width: 70, height: 80 },
        { label: 'mole', left: 1, top: 2, width: 30, height: 40 },
      ],
    });
    expect(manifestText([image], LABELS, CONTEXT)).toBe(
      '{"source-ref":"s3://dermavision-offline/datasets/d/preprocessed/a.0123456789ab.jpg",' +
        '"bounding-box":{"image_size":[{"width":640,"height":480,"depth":3}],"annotations":[' +
        '{"class_id":2,"left":5,"top":6,"width":70,"height":80},' +
        '{"class_id":1,"left":1,"top":2,"width":30,"height":40}]},' +
        '"bounding-box-metadata":{"objects":[{"confidence":1},{"confidence":1}],' +
        '"class-map":{"1":"mole","2":"wart"},"type":"groundtruth/object-detection",' +
        '"human-annotated":"yes","creation-date":"2025-09-14T08:30:12","job-name":"skin-2025-09"}}\n',
    );
  });

  it('sorts lines by code point of the source-ref and ends each with a newline', () => {
    const keys = ['b.jpg', 'ä.jpg', 'a.jpg', 'Z.jpg', 'a-.jpg', '\u{1f600}.jpg', '\uffee.jpg'];
    const text = manifestText(
      keys.map((key) => imageOf(key)),
      LABELS,
      CONTEXT,
    );
    expect(text.endsWith('\n')).toBe(true);
    const refs = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Record<string, string>)['source-ref']);
    const sorted = ['Z.jpg', 'a-.jpg', 'a.jpg', 'b.jpg', 'ä.jpg', '\uffee.jpg', '\u{1f600}.jpg'];
    expect(refs).toEqual(sorted.map((key) => `s3://dermavision-offline/${key}`));
  });

  it('writes S3 keys without encoding them', () => {
    const key = 'datasets/d/preprocessed/Grüße & "co" 50%+\\é\u2028.jpg';
    const text = manifestText([imageOf(key)], LABELS, CONTEXT);
    expect(text.split('\n')).toHaveLength(2);
    expect(JSON.parse(text)).toHaveProperty('source-ref', `s3://dermavision-offline/${key}`);
  });

  it('stays below the maximum line length for the largest possible line', () => {
    const labels = Array.from({ length: 250 }, (_, i) => `${i}`.padStart(255, '\u0001'));
    const boxes = labels
      .slice(0, 50)
      .map((label) => ({ label, left: 4000, top: 4000, width: 96, height: 96 }));
    const text = manifestText(
      [imageOf('\u0001'.repeat(1024), { boxes, size: { width: 4096, height: 4096 } })],
      labels,
      CONTEXT,
    );
    expect(text.length).toBeLessThan(100_000);
    expect(validateManifest(text)).toMatchObject({ valid: 1, errors: [] });
  });

  it('manifestText is empty without images', () => {
    expect(manifestText([], LABELS, CONTEXT)).toBe('');
  });
});

describe('label files', () => {
  const labels = ['10', 'a b', 'é'].map((label, i) => ({
    label,
    train: { images: 10 + i, boxes: 20 + i },
    val: { images: i, boxes: i },
  }));

  it('labels.txt has one name per line', () => {
    expect(labelsTxt(labels)).toBe('10\na b\né\n');
  });

  it('labels.json has id, name and counts of each class', () => {
    expect(JSON.parse(labelsJson(labels))).toEqual([
      { id: 0, name: '10', train: { images: 10, boxes: 20 }, val: { images: 0, boxes: 0 } },
      { id: 1, name: 'a b', train: { images: 11, boxes: 21 }, val: { images: 1, boxes: 1 } },
      { id: 2, name: 'é', train: { images: 12, boxes: 22 }, val: { images: 2, boxes: 2 } },
    ]);
  });
});
