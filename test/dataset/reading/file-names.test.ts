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
    ['served by Label Studio', { file_name: '/data/local-files/?d=photos%2Fx.jpg' }, 'images/x.jpg'],
    [
      'served by Label Studio on a host',
      { file_name: 'http://localhost:8080/data/local-files/?d=x.jpg' },
      'images/x.jpg',
    ],
    ['prefixed by Label Studio', { file_name: 'upload/1/0a1b2c3d-x.jpg' }, 'images/x.jpg'],
    ['without extension', { file_name: 'x' }, 'images/x.jpg'],
    ['without extension, with a dot', { file_name: 'x.v2' }, 'images/x.v2.jpg'],
    ['of another extension', { file_name: 'x.png' }, 'images/x.jpg'],
    ['followed by a space', { file_name: 'x.jpg ' }, 'images/x.jpg'],
    ['a number', { file_name: 17 }, '17.jpg'],
    ['missing beside a path', { path: '/datasets/mine/x.jpg' }, 'images/x.jpg'],
    [
      'missing beside a coco_url',
      { coco_url: 'http://images.cocodataset.org/train2017/x.jpg' },
      'images/x.jpg',
    ],
  ])('but is %s leads to the only file that fits', (_what, fields, path) => {
    expect(pathsOf(find(fields, [path]))).toContain(path);
  });

  it('is never taken for a file that another record names', () => {
    const merged = find({ file_name: 'there.png' }, []);
    expect(pathsOf(merged)).toEqual(['there.jpg']);
    expect(merged.rejected).toMatchObject([{ path: 'there.png' }]);
  });

  it('is missing where several files fit', () => {
    expect(find({ file_name: 'x.png' }, ['images/x.jpg', 'images/x.webp']).rejected).toHaveLength(1);
  });

  it('is refused with names of both sides where nothing fits', () => {
    const error = refusal({ 'c.json': { images: [image(1, 'z.jpg')], annotations: [] } }, ['q.jpg']);
    expect(error.message).toMatch(/They name z\.jpg\. The archive has q\.jpg\./);
  });
});
