import { describe, expect, it } from '@jest/globals';
import { byCodePoint } from '../../../src/lib/order.js';
import { annotation, codesOf, image, merge, pathsOf, refusal } from './coco-export.js';

const namesOf = (...names: readonly string[]) => ({
  images: names.map((name, i) => image(i, name)),
  annotations: names.map((_, i) => annotation(i)),
});
const HASH = 'rf.0a1b2c3d4e5f60718293a4b5c6d7e8f9';

describe('a file whose name differs from the file_name', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['a prefix of the file', ['img_1.jpg', 'b.jpg'], ['a1b2c3d4-img_1.jpg', 'b1b2c3d4-b.jpg']],
    [
      'a suffix of Roboflow on the file',
      ['img 1.jpg', 'b.png'],
      [`b_png.${HASH}.jpg`, `img-1_jpg.${HASH}.jpg`],
    ],
    ['a suffix of Roboflow in the COCO file', [`a_1_jpg.${HASH}.jpg`, 'b.jpg'], ['a_1.jpg', 'b.jpg']],
    ['leading zeros in the archive', ['f_1.jpg', 'f_12.jpg'], ['f_0001.jpg', 'f_0012.jpg']],
    ['leading zeros in the COCO file', ['f_0001.jpg', 'f_0012.jpg'], ['f_1.jpg', 'f_12.jpg']],
    ['a prefix of the file, and brackets', ['my img (1).jpg', 'b.jpg'], ['a1b2c3d4-my_img_1.jpg', 'b.jpg']],
    ['brackets that became underscores', ['my img (1).jpg', 'b.jpg'], ['my_img__1_.jpg', 'b.jpg']],
    ['brackets that were removed', ['img(1).jpg', 'b.jpg'], ['img1.jpg', 'b.jpg']],
    ['percent-encoding of the file', ['my img (1).jpg', 'b.jpg'], ['my%20img%20%281%29.jpg', 'b.jpg']],
    ['signs in front of numbers', ['cam#1_12.jpg', 'b.jpg'], ['cam_1_12.jpg', 'b.jpg']],
    ['accents', ['Clé café.jpg', 'Straße.jpg'], ['Cle cafe.jpg', 'Strasse.jpg']],
    ['accents and spaces', ['Señal 1.jpg', 'b.jpg'], ['senal_1.jpg', 'b.jpg']],
    ['spaces for underscores', ['my img 1.jpg', 'b c.jpg'], ['b_c.jpg', 'my_img_1.jpg']],
  ])('a file is found if its name differs from the file_name in %s', (_what, names, files) => {
    const paths = files.map((file) => `images/${file}`);
    const merged = merge({ 'c.json': namesOf(...names) }, paths);
    expect(pathsOf(merged)).toEqual([...paths].sort(byCodePoint));
    expect(merged.rejected).toEqual([]);
    const changed = names.filter((name) => !files.includes(name)).length;
    expect(merged.findings).toMatchObject([{ code: 'FILE_NAMES_DIFFER', count: changed, unit: 'images' }]);
  });

  it('the finding on different names shows both names and in what they differ', () => {
    const [finding] = merge({ 'c.json': namesOf('f_1.jpg') }, ['images/f_01.jpg']).findings;
    expect(finding?.message).toContain('leading zeros of numbers');
    expect(finding?.examples).toEqual(['c.json: f_1.jpg = images/f_01.jpg']);
  });

  it.each([
    ['my pic.jpg', 'my_pic.jpg', 'spaces, hyphens or underscores'],
    ['my pic (1).jpg', 'my_pic_1_.jpg', 'spaces, brackets or other signs'],
    ['piñata.jpg', 'pinata.jpg', 'accents'],
    ['my pic.jpg', `my-pic_jpg.${HASH}.jpg`, 'the suffix .rf. that Roboflow writes'],
  ])('the finding on different names says how %s differs from %s', (name, file, difference) => {
    const [finding] = merge({ 'c.json': namesOf(name) }, [file]).findings;
    expect(finding?.message).toContain(`if these are ignored: ${difference}. Check`);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['two files fit a name', ['there.jpg', 'f_1.jpg'], ['f_01.jpg', 'f_001.jpg']],
    [
      'one name fits several files, another one only one',
      ['there.jpg', 'f 1.jpg', 'g 1.jpg'],
      ['f_1.jpg', 'f-1.jpg', 'g_1.jpg'],
    ],
    ['two names fit a file', ['there.jpg', 'f_1.jpg', 'f_01.jpg'], ['f_001.jpg']],
    ['the file belongs to another record', ['there.jpg', 'f_01.jpg', 'f_1.jpg'], ['f_1.jpg']],
    [
      'another record has a name that fits too',
      ['there.jpg', 'f_01.jpg', 'f_1.jpg'],
      ['f_1.jpg', 'f_001.jpg'],
    ],
    [
      'an image of a numbered series has no file',
      ['there.jpg', 'f_1.jpg', 'f_2.jpg'],
      ['f_02.jpg', 'f_03.jpg'],
    ],
    ['signs separate other numbers', ['there.jpg', 'cam1_12.jpg'], ['cam11_2.jpg']],
    ['accents fit two files', ['there.jpg', 'pâté.jpg'], ['pate.jpg', 'pâte.jpg']],
    ['a name of two letters differs in an accent', ['there.jpg', 'bé.jpg'], ['be.jpg']],
    ['vowel signs of another script differ', ['there.jpg', 'กิน.jpg'], ['กาน.jpg']],
    ['Roboflow made both files', ['there.jpg', `a_jpg.${HASH}.jpg`], [`a_jpg.${HASH}0.jpg`]],
  ])('a file is not found by a different name if %s', (_what, names, files) => {
    const merged = merge({ 'c.json': namesOf(...names) }, ['there.jpg', ...files]);
    expect(codesOf(merged)).not.toContain('FILE_NAMES_DIFFER');
    expect(pathsOf(merged)).toEqual(
      [...names].filter((name) => ['there.jpg', ...files].includes(name)).sort(byCodePoint),
    );
  });

  it('the refusal of names that fit no file names the likely difference', () => {
    const { message } = refusal({ 'c.json': namesOf('f_1.jpg', 'f_2.jpg') }, ['f_01.jpg', 'f_001.jpg']);
    expect(message).toContain(
      'The names seem to differ in leading zeros of numbers, but some fit several files',
    );
  });
});
