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

  const misread = (name: string) => Buffer.from(name, 'utf8').toString('latin1');
  it.each([
    ['escaped as in HTML', 'salt &amp; pepper&#39;s &#x1F336;.jpg', "salt & pepper's \u{1f336}.jpg"],
    ['plus signs for spaces', 'my+photo+1.jpg', 'my photo 1.jpg'],
    ['plus signs for spaces, beside percent escapes', 'my+photo%21.jpg', 'my photo!.jpg'],
    ['spaces for plus signs', 'my photo 1.jpg', 'my+photo+1.jpg'],
    ['read as Latin-1 in the COCO file', misread('Träger Ä.jpg'), 'Träger Ä.jpg'],
    ['read as windows-1252 in the COCO file', 'â‚¬uro.jpg', '€uro.jpg'],
    ['read as Latin-1 in the archive', 'Träger Ä.jpg', misread('Träger Ä.jpg')],
    ['read as windows-1252 in the archive', '€uro.jpg', 'â‚¬uro.jpg'],
    ['decomposed and read as Latin-1 in the archive', 'ä.jpg', misread('a\u0308.jpg')],
    ['read as Latin-1 in Thai', misread('รอยแตก.jpg'), 'รอยแตก.jpg'],
  ])('a file_name matches the only possible file if its letters are %s', (_what, fileName, path) => {
    expect(pathsOf(find({ file_name: fileName }, [`images/${path}`]))).toContain(`images/${path}`);
  });

  it('a file_name with letters of its own is not taken for misread ones', () => {
    expect(find({ file_name: 'É.jpg' }, ['images/E.jpg']).rejected).toHaveLength(1);
    const both = find({ file_name: 'a+b.jpg' }, ['images/a+b.jpg', 'images/a b.jpg']);
    expect(pathsOf(both)).toContain('images/a+b.jpg');
  });

  it('a file_name is never interpreted as the file of another record', () => {
    const merged = find({ file_name: 'there.png' }, []);
    expect(pathsOf(merged)).toEqual(['there.jpg']);
    expect(merged.rejected).toMatchObject([{ path: 'there.png' }]);
  });

  it.each([
    ['a mask', { file_name: 'x.jpg' }, 'masks/x.png'],
    ['a mask of its own name', { file_name: 'x.png' }, 'SegmentationClass/x.png'],
    ['a picture with drawn boxes', { file_name: 'x.jpg' }, 'run/vis/x.jpg'],
    ['a small copy', { file_name: 'x.jpg' }, 'thumbs/x.jpg'],
  ])('a file_name whose photo is missing does not mean %s', (_, fields, path) => {
    expect(find(fields, [path]).rejected).toHaveLength(1);
  });

  it('a file_name means the photo if a small copy has the same name', () => {
    const { images } = find({ file_name: 'x.jpg' }, ['full/x.jpg', 'thumbnails/x.jpg']);
    expect(images.map(({ path }) => path)).toContain('full/x.jpg');
  });

  it('a file_name may mean a file in a folder of masks if its path says so, or if all pictures lie there', () => {
    const named = find({ file_name: 'masks/x.png' }, ['masks/x.png']);
    expect(named.images.map(({ path }) => path)).toContain('masks/x.png');
    const coco = { images: [{ ...image(1, 'x.jpg') }], annotations: [annotation(1)] };
    const all = merge({ 'labels/result.json': coco }, ['vis/x.jpg']);
    expect(all.images.map(({ path }) => path)).toEqual(['vis/x.jpg']);
  });

  it('a file_name matches no file if several files are possible', () => {
    expect(find({ file_name: 'x' }, ['images/x.jpg', 'images/x.webp']).rejected).toMatchObject([
      {
        path: 'images/x',
        message:
          'Several files fit the name "x": images/x.jpg, images/x.webp. Write the whole name into file_name.',
      },
    ]);
  });

  it('a file_name is refused with names from the COCO file and the archive if no file matches', () => {
    const error = refusal({ 'c.json': { images: [image(1, 'z.jpg')], annotations: [] } }, ['q.jpg']);
    expect(error.message).toMatch(/They name z\.jpg\. The archive has q\.jpg\./);
  });

  it('a file_name that no file matches is refused with what to change in the names', () => {
    const coco = { images: [image(1, 'z.jpg')], annotations: [] };
    const rename = 'Rename the files, correct each file_name';
    expect(refusal({ 'c.json': coco }, ['q.jpg']).message).toContain(rename);
    expect(refusal({ 'c.json': coco }, []).message).not.toContain(rename);
  });

  it('a refusal shows fewer names if they are long', () => {
    const names = Array.from({ length: 9 }, (_, i) => `${'folder/'.repeat(30)}${i}.jpg`);
    const coco = { images: names.map((name, i) => image(i, name)), annotations: [] };
    const { message } = refusal(
      { 'c.json': coco },
      names.map((name) => `other/${name.replace('.', 'x.')}`),
    );
    expect(message.length).toBeLessThanOrEqual(300);
    expect(message).toMatch(/They name (?:folder\/)+fo…der\/(?:folder\/)+0\.jpg\. The archive has other\//);
  });

  it('a file_name is shown as the COCO file writes it, without the folder of that file', () => {
    const coco = { images: [image(1, 'images/z.jpg')], annotations: [] };
    const error = refusal({ 'annotations/c.json': coco }, ['q.jpg']);
    expect(error.message).toContain('They name images/z.jpg. The archive has q.jpg.');
  });
});
