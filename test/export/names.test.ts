import { describe, expect, it } from '@jest/globals';
import { exportNames } from '../../src/export/names.js';

const key = (path: string, tag: string, extension = 'jpg') =>
  `datasets/d/preprocessed/${path}.${tag.padEnd(12, '0')}.${extension}`;

describe('file names in an export', () => {
  it('are the names of the source files, so that Roboflow names still identify the photo', () => {
    const source = key('train/face_jpg.rf.0123abcd', 'a');
    expect(exportNames([source]).get(source)).toBe('face_jpg.rf.0123abcd.jpg');
  });

  it('keep their tags where names differ only in folder, extension or letter case', () => {
    const keys = [key('a/1', 'a'), key('b/1', 'b', 'png'), key('c/X', 'c'), key('d/x', 'd'), key('e/2', 'e')];
    const names = exportNames(keys);
    expect([...names.values()]).toEqual([
      '1.a00000000000.jpg',
      '1.b00000000000.png',
      'X.c00000000000.jpg',
      'x.d00000000000.jpg',
      '2.jpg',
    ]);
    expect(exportNames([...keys].reverse()).get(keys[0] ?? '')).toBe(names.get(keys[0] ?? ''));
  });
});
