import { describe, expect, it } from '@jest/globals';
import { bufferSource } from '../../src/archive/source.js';
import { checkReport } from '../../src/check/archive-report.js';
import { examineArchive } from '../../src/check/examine.js';
import { datasetSummary } from '../../src/cli/output/summary.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { picture, zipOf } from '../support/archives.js';

const SETTINGS: DatasetSettings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 2, split: 'export' };
const TRAIN = 8;
const VAL = 4;
/** Images of the validation split whose bytes are in the train split too. */
const LEAKED = 2;

/** An archive in the layout of COCO 2017: the names of the COCO files and folders carry the year. */
async function coco2017(folders: { readonly train: string; readonly val: string }): Promise<Buffer> {
  const files: Record<string, string | Buffer> = {};
  const coco = { train: cocoOf(TRAIN, 't'), val: cocoOf(VAL, 'v') };
  for (const side of ['train', 'val'] as const) {
    files[`annotations/instances_${side}2017.json`] = JSON.stringify(coco[side]);
    for (const [index, { file_name }] of coco[side].images.entries()) {
      const seed = side === 'train' || index < LEAKED ? index : TRAIN + index;
      files[`${folders[side]}/${file_name}`] = await picture(seed);
    }
  }
  return await zipOf(files);
}

function cocoOf(count: number, prefix: string) {
  const images = Array.from({ length: count }, (_, id) => ({
    ...{ id, file_name: `${prefix}${id}.jpg`, width: 96, height: 80 },
  }));
  return {
    images,
    annotations: images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [10, 10, 30, 30] })),
    categories: [{ id: 1, name: 'acne' }],
  };
}

describe('leaks in the split of an export', () => {
  it.each([
    ['folders per split', { train: 'train2017', val: 'val2017' }],
    ['COCO files per split', { train: 'images', val: 'images' }],
  ])(
    'leaks in the split of an export are in report.html and in the findings for a COCO 2017 archive with %s',
    async (_, folders) => {
      const source = bufferSource(await coco2017(folders));
      const options = { dataset: 'coco2017', settings: SETTINGS, onProgress: () => undefined };
      const examination = await examineArchive(source, options);
      const page = await checkReport(source, examination, options);
      expect(examination.result.findings).toContainEqual(
        expect.objectContaining({ code: 'SPLIT_LEAKS', count: LEAKED }),
      );
      expect(page).toContain('as exported');
      expect(page).not.toContain('kept together');
      expect(datasetSummary(examination.result)).toMatch(/ copies in 2 groups, not all kept together\n/);
      expect(page).toContain(
        `${LEAKED} of its ${VAL} validation and test images are copies of images in its train split`,
      );
    },
  );
});
