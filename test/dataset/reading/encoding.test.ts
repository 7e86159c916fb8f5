import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, refusal } from './coco-export.js';

describe('the encoding of a COCO file', () => {
  const text = (names: readonly [string, string]) =>
    JSON.stringify({
      images: [image(1, 'a.jpg')],
      annotations: [annotation(1), annotation(1, { category_id: 2, bbox: [40, 40, 9, 9] })],
      categories: names.map((name, i) => ({ id: i + 1, name })),
    });
  const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
  const utf16 = (value: string) => Buffer.from(value, 'utf16le');

  it.each<[string, (value: string) => Buffer]>([
    ['UTF-16, little-endian with BOM', (value) => utf16(`\ufeff${value}`)],
    ['UTF-16, big-endian with BOM', (value) => swapped(utf16(`\ufeff${value}`))],
    ['UTF-16, little-endian without BOM', utf16],
    ['UTF-16, big-endian without BOM', (value) => swapped(utf16(value))],
    ['UTF-8 with BOM', (value) => Buffer.from(`\ufeff${value}`)],
  ])('the encoding of a COCO file is recognised as %s', (_what, encode) => {
    expect(merge({ 'c.json': encode(text(['кошка', 'птица'])) }, ['a.jpg']).labels).toEqual([
      'кошка',
      'птица',
    ]);
  });

  it.each([
    ['windows-1251 (Cyrillic)', [0xea, 0xee, 0xf8, 0xea, 0xe0], [0xef, 0xf2, 0xe8, 0xf6, 0xe0]],
    ['GBK (Chinese)', [0xc2, 0xdd, 0xcb, 0xa8], [0xc2, 0xdd, 0xc4, 0xb8]],
    ['windows-874 (Thai)', [0xe1, 0xb5, 0xa1], [0xba, 0xc7, 0xc1]],
    [
      'windows-1252 (Western European)',
      [...Buffer.from('Stra\xdfe', 'latin1')],
      [...Buffer.from('d\xe9fil\xe9', 'latin1')],
    ],
  ])('a COCO file is refused with the byte and the likely code page if it is %s', (page, first, second) => {
    const bytes = Buffer.from(
      text([Buffer.from(first).toString('latin1'), Buffer.from(second).toString('latin1')]),
      'latin1',
    );
    const error = refusal({ 'c.json': bytes });
    expect(error.type).toBe('CocoInvalid');
    expect(error.message).toContain(`The text looks like ${page}`);
    expect(error.details.record).toMatch(/^byte \d+$/);
  });
});
