import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, refusal } from './coco-export.js';

const names = ['a', 'b', 'c', 'd'];
const coco = {
  images: names.map((name, i) => image(i, `${name}.jpg`)),
  annotations: names.map((_, i) => annotation(i)),
};
const files = names.map((name) => `images/${name}.jpg`);
const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 9\n';

describe('an archive within the archive', () => {
  it.each([
    'images.zip',
    'set/train.ZIP',
    'export.tar',
    'images.tar.gz',
    'images.tgz',
    'images.7z',
    'images.rar',
  ])('an archive within the archive is named if all images are missing: %s', (inner) => {
    const { type, message } = refusal({ 'annotations.json': coco }, [inner]);
    expect(type).toBe('NoUsableImages');
    expect(message).toContain(`The archive contains ${inner}, which is not read: unpack it`);
  });

  it('an archive within the archive is named for each missing image', () => {
    const merged = merge({ 'c.json': coco }, [...files.slice(1), 'rest.zip']);
    expect(merged.rejected.map(({ message }) => message)).toEqual([
      'The archive has no file "a.jpg". It may be in rest.zip: unpack that, and zip all files together.',
    ]);
  });

  it('an archive within the archive causes a warning if some images are missing', () => {
    const { findings } = merge({ 'c.json': coco }, [...files.slice(1), 'rest.zip']);
    expect(findings).toMatchObject([
      { code: 'ARCHIVES_NESTED', count: 1, unit: 'files', examples: ['rest.zip'] },
    ]);
    expect(merge({ 'c.json': coco }, [...files, 'rest.zip']).findings).toEqual([]);
  });

  it.each(['valid.zip', 'set/Test.7z', 'images_2.tar.gz', 'part1.rar', 'annotations.zip'])(
    'an archive within the archive causes a warning if it is named after a part of a dataset: %s',
    (inner) => {
      const { findings } = merge({ 'c.json': coco }, [...files, inner]);
      expect(findings).toMatchObject([{ code: 'ARCHIVES_NESTED', count: 1, examples: [inner] }]);
      expect(findings[0]?.message).toContain('by their names they have a part of the dataset');
    },
  );

  it('an archive within the archive is named if it may have the annotations', () => {
    const { type, message } = refusal({}, [...files, 'annotations.tar.gz']);
    expect(type).toBe('CocoMissing');
    expect(message).toContain('annotations.tar.gz: if that is the export, unpack it and zip its files');
  });
});

describe('a JSON file that is a Git LFS pointer', () => {
  it('a JSON file that is a Git LFS pointer is named beside COCO files', () => {
    const { findings } = merge({ 'train/c.json': coco, 'valid/c.json': POINTER }, files);
    expect(findings).toMatchObject([
      {
        code: 'COCO_FILES_SKIPPED',
        examples: [expect.stringMatching(/^valid\/c\.json: a Git LFS pointer, not JSON. Run `git lfs pull`/)],
      },
    ]);
  });

  it.each(['data.json', 'annotations.json'])(
    'a JSON file that is a Git LFS pointer is named if there is no COCO file: %s',
    (name) => {
      expect(refusal({ [name]: POINTER }, files).message).toContain('git lfs pull');
    },
  );
});
