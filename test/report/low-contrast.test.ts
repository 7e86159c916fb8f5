import { beforeAll, describe, expect, it } from '@jest/globals';
import { bufferSource } from '../../src/archive/source.js';
import { checkReport } from '../../src/check/archive-report.js';
import { examineArchive } from '../../src/check/examine.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { cameraArchive } from '../support/camera-archive.js';

const IMAGES = 12;
const SETTINGS: DatasetSettings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 2, valSplit: 0.2 };

describe('images that come out nearly black', () => {
  let archive: Buffer;
  beforeAll(async () => {
    archive = await cameraArchive(IMAGES, 12);
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
