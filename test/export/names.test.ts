import { describe, expect, it } from '@jest/globals';
import { preprocessedKey } from '../../src/dataset/model/identity.js';
import { exportNames } from '../../src/export/names.js';

const image = (path: string, tag: string, extension: 'jpg' | 'png' = 'jpg') => ({
  path,
  key: preprocessedKey('d', path, tag.padEnd(12, '0'), extension),
});

describe('file names in an export', () => {
  it.each([
    ['train/face_jpg.rf.0123abcd.jpeg', 'face_jpg.rf.0123abcd.jpg'],
    ['train/Grüße #1 "50%".png', 'Grüße #1 "50%".jpg'],
    ['写真/一.jpg', '一.jpg'],
  ])('file names in an export are the names of the source files: %s', (path, name) => {
    const source = image(path, 'a');
    expect(exportNames([source]).get(source.key)).toBe(name);
  });

  it('file names in an export keep their tags if names differ only in folder, extension or letter case', () => {
    const images = [
      image('a/1.jpg', 'a'),
      image('b/1.png', 'b', 'png'),
      image('c/X.jpg', 'c'),
      image('d/x.jpg', 'd'),
      image('e/2.jpg', 'e'),
    ];
    const names = exportNames(images);
    expect([...names.values()]).toEqual([
      '1.a00000000000.jpg',
      '1.b00000000000.png',
      'X.c00000000000.jpg',
      'x.d00000000000.jpg',
      '2.jpg',
    ]);
    const [first] = images;
    expect(exportNames([...images].reverse()).get(first?.key ?? '')).toBe(names.get(first?.key ?? ''));
  });
});
