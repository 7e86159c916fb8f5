import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bufferSource } from '../../src/archive/source.js';
import { checkReport } from '../../src/check/archive-report.js';
import { examineArchive } from '../../src/check/examine.js';
import { manifestKey, versionKey } from '../../src/dataset/model/layout.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { roboflowArchive } from '../support/archives.js';
import { dirtyArchive } from '../support/dirty-archive.js';
import { startTestPipeline, type TestPipeline } from '../support/pipeline.js';
import { makeVersion } from '../support/versions.js';

const SETTINGS: DatasetSettings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 2, valSplit: 0.2 };

describe('report.html of a run', () => {
  let pipeline: TestPipeline;
  beforeAll(async () => {
    pipeline = await startTestPipeline();
  });
  afterAll(async () => {
    await pipeline?.stop();
  });

  const textOf = async (key: string) =>
    (await pipeline.store.getBytes(pipeline.s3.bucket, key)).toString('utf8');
  async function checked(archive: Buffer, dataset: string, settings: DatasetSettings) {
    const options = { dataset, settings, onProgress: () => undefined };
    const source = bufferSource(archive);
    const examination = await examineArchive(source, options);
    return {
      version: examination.result.version ?? '',
      page: await checkReport(source, examination, options),
    };
  }

  it('report.html of a run has the same bytes as the report of `curator check`, in the version folder and in manifest/', async () => {
    const archive = await dirtyArchive();
    const { version } = await makeVersion(pipeline, 'dirty', archive, SETTINGS);
    const written = await textOf(versionKey('dirty', version, 'report.html'));
    expect(written.match(/<svg class="picture"/g)?.length).toBeGreaterThan(15);
    expect((await checked(archive, 'dirty', SETTINGS)).page === written).toBe(true);
    expect((await textOf(manifestKey('dirty', 'report.html'))) === written).toBe(true);
  });

  it('report.html of a run is written for a refused dataset too, with pictures', async () => {
    const archive = await roboflowArchive(12);
    const { version, page } = await checked(archive, 'rare', DEFAULT_DATASET_SETTINGS);
    await expect(makeVersion(pipeline, 'rare', archive, DEFAULT_DATASET_SETTINGS)).rejects.toMatchObject({
      message: expect.stringMatching(/No class is found in MIN_CLASS_IMAGES=40 images/),
      details: [
        {
          counted: {
            images: { found: 12, used: 0, left: { emptiedByClassDrop: 12 } },
            annotations: { used: 0 },
            droppedClasses: expect.arrayContaining([{ label: 'class-0', images: expect.any(Number) }]),
          },
        },
      ],
    });
    const written = await textOf(versionKey('rare', version, 'report.html'));
    expect(written).toMatch(/dataset-check unfit.*NoClassLeft/s);
    expect(written === page).toBe(true);
  });
});
