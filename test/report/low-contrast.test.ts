import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { bufferSource } from '../../src/archive/source.js';
import { checkReport } from '../../src/check/archive-report.js';
import { examineArchive } from '../../src/check/examine.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { cameraPng } from '../images/pictures.js';
import { picture, zipOf } from '../support/archives.js';

const IMAGES = 12;
const SETTINGS: DatasetSettings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 2, valSplit: 0.2 };

/** Images of a 12-bit camera in 16-bit PNG files, and one ordinary photo. */
async function cameraArchive(): Promise<Buffer> {
  const files: Record<string, string | Buffer> = {};
  const images = Array.from({ length: IMAGES + 1 }, (_, id) => ({ id, file_name: `${id}.png` }));
  for (const { id, file_name } of images) {
    const photo = sharp(await picture(id));
    files[file_name] = id < IMAGES ? await cameraPng(photo, 12) : await photo.png().toBuffer();
  }
  const coco = {
    images: images.map((image) => ({ ...image, width: 96, height: 80 })),
    annotations: images.map(({ id }) => ({ id, image_id: id, category_id: 1, bbox: [10, 10, 30, 30] })),
    categories: [{ id: 1, name: 'fracture' }],
  };
  return await zipOf({ '_annotations.coco.json': JSON.stringify(coco), ...files });
}

describe('images that come out nearly black', () => {
  let archive: Buffer;
  beforeAll(async () => {
    archive = await cameraArchive();
  });

  async function check(settings: DatasetSettings) {
    const source = bufferSource(archive);
    const options = { dataset: 'xray', settings, onProgress: () => undefined };
    const examination = await examineArchive(source, options);
    const page = await checkReport(source, examination, options);
    const section = /<h2 id="contrast">.*?(?=<h2 id=)/s.exec(page)?.[0] ?? '';
    const { result } = examination;
    return {
      version: result.version,
      finding: result.findings.find(({ code }) => code === 'LOW_CONTRAST_IMAGES'),
      pictures: section.match(/<svg class="picture"/g)?.length ?? 0,
    };
  }

  it('nearly black images are reported with the setting to change, and shown in report.html', async () => {
    const { finding, pictures } = await check(SETTINGS);
    expect(finding).toMatchObject({ severity: 'warning', count: IMAGES });
    expect(finding?.examples).toContain('0.png');
    expect(finding?.examples).not.toContain(`${IMAGES}.png`);
    expect(finding?.message).toContain('STRETCH_CONTRAST=auto');
    expect(pictures).toBe(6);
  });

  it('nearly black images are not reported with STRETCH_CONTRAST=auto, which gives another dataset version', async () => {
    const plain = await check(SETTINGS);
    const stretched = await check({ ...SETTINGS, stretchContrast: 'auto' });
    expect(stretched).toMatchObject({ finding: undefined, pictures: 0 });
    expect(stretched.version).not.toBe(plain.version);
  });
});
