import { describe, expect, it } from '@jest/globals';
import { refusal } from './coco-export.js';

describe('an archive of another format', () => {
  it.each<[string, Record<string, string>, readonly string[], RegExp]>([
    ['YOLO', {}, ['data.yaml', 'train/images/a.jpg', 'train/labels/a.txt'], /a YOLO export/],
    ['YOLO without data.yaml', {}, ['images/a.jpg', 'labels/a.txt'], /a YOLO export/],
    ['Pascal VOC', {}, ['Annotations/a.xml', 'JPEGImages/a.jpg'], /a Pascal VOC export/],
    ['CreateML', { 'train/_annotations.createml.json': '[]' }, ['train/a.jpg'], /a CreateML export/],
    ['a folder per class', {}, ['cat/a.jpg', 'dog/b.jpg'], /a classification dataset/],
    [
      'Label Studio',
      { 'project.json': '[{"id":1,"annotations":[]}]' },
      ['images/a.jpg'],
      /a Label Studio JSON export/,
    ],
    ['labelme', { 'a.json': '{"version":"5","shapes":[]}' }, ['a.jpg'], /a labelme export/],
    ['TensorFlow', {}, ['train/x.tfrecord'], /a TensorFlow export/],
  ])(
    'an archive of another format is refused with the name of its format and how to export COCO: %s',
    (_what, files, paths, message) => {
      const error = refusal(files, paths);
      expect(error.type).toBe('CocoMissing');
      expect(error.message).toMatch(message);
      expect(error.message).toMatch(/In Roboflow:.*In CVAT:.*In Label Studio:/);
    },
  );
});
