import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, pathsOf, refusal } from './coco-export.js';

const paths = ['images/a.jpg', 'images/b.jpg'];
const nut = [{ id: 1, name: 'nut' }];
const images = [image(1, 'a.jpg'), image(2, 'b.jpg')];
const whole = { categories: nut, images, annotations: [annotation(1), annotation(2)] };
/** A COCO file that ends in the middle of its annotations. */
const cut = (coco: object) => JSON.stringify(coco).slice(0, -20);
const reason = (path: string) => `${path}: it cannot be read, and other files describe all images`;

describe('broken COCO files', () => {
  it.each([
    ['other.json', cut(whole)],
    ['labels_old.json', JSON.stringify(whole).slice(0, 120)],
    ['labels - Copy.json', cut({ images, annotations: whole.annotations, categories: nut })],
  ])('a broken COCO file is skipped if another one has all its labels: %s', (path, text) => {
    const merged = merge({ [path]: text, 'labels.json': whole }, paths);
    expect(pathsOf(merged)).toEqual(paths);
    expect(merged.findings).toMatchObject([{ code: 'COCO_FILES_SKIPPED', examples: [reason(path)] }]);
  });

  it.each<[string, object, string, readonly string[]]>([
    ['no other file lists an image', whole, 'other.json', [...paths, 'images/c.jpg']],
    ['no other file lists an image', whole, 'labels_old.json', [...paths, 'images/c.jpg']],
    ['no other file labels an image', { ...whole, annotations: [annotation(1)] }, 'other.json', paths],
    [
      'no other file defines a class',
      { ...whole, categories: [{ id: 1, name: 'bolt' }] },
      'other.json',
      paths,
    ],
  ])('a broken COCO file is refused if %s', (_why, other, path, archive) => {
    const { type, message } = refusal({ [path]: cut(whole), 'labels.json': JSON.stringify(other) }, archive);
    expect(type).toBe('CocoInvalid');
    expect(message).toMatch(/^\S+ is not valid JSON: .* If other COCO files have all labels, remove it\.$/);
  });

  it('a broken COCO file is refused if its classes are not known', () => {
    const text = cut({ images, annotations: whole.annotations, categories: nut });
    expect(refusal({ 'other.json': text, 'labels.json': whole }, paths).message).toContain(
      'other.json is not',
    );
  });

  it('a broken COCO file is refused if the other one is named like a copy', () => {
    const files = { 'labels.json': cut(whole), 'labels_old.json': whole };
    expect(refusal(files, paths).message).toMatch(/^labels\.json is not valid JSON/);
  });

  it('a broken COCO file is refused if the name of a class is an object', () => {
    const text = cut({ ...whole, categories: [{ id: 1, name: { toString: 1 } }] });
    expect(refusal({ 'other.json': text, 'labels.json': whole }, paths).type).toBe('CocoInvalid');
  });

  it('a broken COCO file is refused without other files', () => {
    expect(refusal({ 'labels_old.json': cut(whole) }, paths).message).toMatch(/Export it again\.$/);
  });
});
