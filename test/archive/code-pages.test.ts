import { describe, expect, it } from '@jest/globals';
import { readDirectory } from '../../src/archive/directory.js';
import { bufferSource } from '../../src/archive/source.js';
import { jsonInMemory } from '../../src/dataset/reading/json-file.js';
import { mergeCoco } from '../../src/dataset/reading/merge.js';
import { annotation, CATEGORIES, image } from '../dataset/reading/coco-export.js';
import { finish } from '../support/steps.js';
import { zipBytes } from '../support/zip-bytes.js';

/** The files in which the COCO file's names were found, in an archive whose names have these bytes. */
async function found(names: readonly Buffer[], fileNames: readonly string[]): Promise<string[]> {
  const zip = zipBytes(names.map((name) => ({ name, flags: 0 })));
  const { entries, aliases } = await readDirectory(bufferSource(zip));
  const coco = {
    images: fileNames.map((name, i) => image(i, name)),
    annotations: fileNames.map((_, i) => annotation(i)),
    categories: CATEGORIES,
  };
  const bytes = Buffer.from(JSON.stringify(coco));
  const merged = finish(mergeCoco([jsonInMemory('c.json', bytes)], entries, { keepCrowd: false }, aliases));
  return merged.images.map(({ path }) => path);
}

const bytes = (...codes: readonly number[]) => Buffer.from([...codes, ...Buffer.from('.jpg')]);

describe('names in an undeclared code page', () => {
  it.each([
    ['windows-1252', bytes(0x54, 0x72, 0xe4, 0x67, 0x65, 0x72), 'Träger.jpg'],
    ['windows-1252 with a dash and a letter of Icelandic', bytes(0x61, 0xf0, 0x96, 0x62), 'að–b.jpg'],
    ['windows-1252 with a euro sign', bytes(0x80, 0x75), '€u.jpg'],
    ['windows-1251', bytes(0xf2, 0xf0, 0xe5, 0xf9), 'трещ.jpg'],
    ['code page 866', bytes(0xe2, 0xe0, 0xa5, 0xe9), 'трещ.jpg'],
    ['KOI8-R', bytes(0xd4, 0xd2, 0xc5, 0xdd), 'трещ.jpg'],
    ['windows-874', bytes(0xc3, 0xcd, 0xc2), 'รอย.jpg'],
    ['windows-1254', bytes(0x61, 0xfe, 0xfd), 'aşı.jpg'],
    ['Shift JIS', bytes(0x8e, 0xca, 0x90, 0x5e), '写真.jpg'],
    ['GBK', bytes(0xd5, 0xd5, 0xc6, 0xac), '照片.jpg'],
    ['GBK that is valid UTF-8 by chance', bytes(0xcd, 0xbc, 0xc6, 0xac), '图片.jpg'],
    ['Big5', bytes(0xb7, 0xd3, 0xa4, 0xf9), '照片.jpg'],
    ['EUC-KR', bytes(0xbb, 0xe7, 0xc1, 0xf8), '사진.jpg'],
  ])(
    'names in an undeclared code page are found by the names in the COCO file: %s',
    async (_what, name, fileName) => {
      expect(await found([name], [fileName])).toHaveLength(1);
    },
  );

  it('names in an undeclared code page are found among names that are UTF-8', async () => {
    const names = [bytes(0xcd, 0xbc, 0xc6, 0xac), bytes(0xd5, 0xd5, 0xc6, 0xac), Buffer.from('Träger.jpg')];
    expect(await found(names, ['图片.jpg', '照片.jpg', 'Träger.jpg'])).toHaveLength(3);
  });

  it('names that are UTF-8 are never found by a name in another code page that another file has', async () => {
    const names = [bytes(0xcd, 0xbc, 0xc6, 0xac), Buffer.from('图片.jpg')];
    expect(await found(names, ['图片.jpg'])).toEqual(['图片.jpg']);
  });
});
