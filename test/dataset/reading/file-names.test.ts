import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, pathsOf, refusal } from './coco-export.js';

describe('a file_name that is not a path in the archive', () => {
  const find = (fields: object, paths: readonly string[]) => {
    const record = { id: 1, width: 100, height: 80, ...fields };
    return merge(
      { 'result.json': { images: [record, image(2, 'there.jpg')], annotations: [annotation(1)] } },
      [...paths, 'there.jpg'],
    );
  };

  it.each<[string, object, string]>([
    ['percent-encoded', { file_name: 'images/img%20001.jpg' }, 'images/img 001.jpg'],
    ['percent-encoded with accents', { file_name: 'd%C3%A9cran.jpg' }, 'images/décran.jpg'],
    ['a URL', { file_name: 'https://bucket.s3.amazonaws.com/proj/x.jpg' }, 'images/x.jpg'],
    [
      'a signed URL',
      { file_name: 'https://b.s3.amazonaws.com/p/x.jpg?X-Amz-Expires=900&sig=a/b' },
      'images/x.jpg',
    ],
    [
      'a URL whose path is encoded',
      { file_name: 'https://storage.googleapis.com/b/dir%2Fx%201.jpg' },
      'images/x 1.jpg',
    ],
    [
      'a local-files URL of Label Studio',
      { file_name: '/data/local-files/?d=photos%2Fx.jpg' },
      'images/x.jpg',
    ],
    [
      'a local-files URL of Label Studio with a host',
      { file_name: 'http://localhost:8080/data/local-files/?d=x.jpg' },
      'images/x.jpg',
    ],
    ['a path with a prefix of Label Studio', { file_name: 'upload/1/0a1b2c3d-x.jpg' }, 'images/x.jpg'],
    ['a name without extension', { file_name: 'x' }, 'images/x.jpg'],
    ['a name without extension but with a dot', { file_name: 'x.v2' }, 'images/x.v2.jpg'],
    ['a name with another extension', { file_name: 'x.png' }, 'images/x.jpg'],
    ['a name followed by a space', { file_name: 'x.jpg ' }, 'images/x.jpg'],
    ['a number', { file_name: 17 }, '17.jpg'],
    ['missing, with a path in the field path', { path: '/datasets/mine/x.jpg' }, 'images/x.jpg'],
    [
      'missing, with a URL in coco_url',
      { coco_url: 'http://images.cocodataset.org/train2017/x.jpg' },
      'images/x.jpg',
    ],
  ])('a file_name matches the only possible file if it is %s', (_what, fields, path) => {
    expect(pathsOf(find(fields, [path]))).toContain(path);
  });

  it('a file_name is never interpreted as the file of another record', () => {
    const merged = find({ file_name: 'there.png' }, []);
    expect(pathsOf(merged)).toEqual(['there.jpg']);
    expect(merged.rejected).toMatchObject([{ path: 'there.png' }]);
  });

  it('a file_name matches no file if several files are possible', () => {
    expect(find({ file_name: 'x.png' }, ['images/x.jpg', 'images/x.webp']).rejected).toHaveLength(1);
  });

  it('a file_name is refused with names from the COCO file and the archive if no file matches', () => {
    const error = refusal({ 'c.json': { images: [image(1, 'z.jpg')], annotations: [] } }, ['q.jpg']);
    expect(error.message).toMatch(/They name z\.jpg\. The archive has q\.jpg\./);
  });
});
