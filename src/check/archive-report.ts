import { readEntry } from '../archive/entries.js';
import type { ByteSource } from '../archive/source.js';
import { datasetVersion } from '../dataset/model/identity.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { preprocessImage } from '../images/preprocess.js';
import { renderReport } from '../pipeline/render-report.js';
import { type ShownImage, shownImages } from '../report/facts.js';
import { archiveFacts } from './archive-facts.js';
import type { CheckOptions, Examination, ReadArchive } from './examine.js';

/** Renders report.html of a checked archive; a run of the pipeline writes the same bytes for it. */
export async function checkReport(
  source: ByteSource,
  { archive, curation, boxed, result }: Examination,
  { dataset, settings }: Pick<CheckOptions, 'dataset' | 'settings'>,
): Promise<string> {
  const { fit, message, findings } = result;
  const data = { dataset, refusal: fit ? null : message, findings, settings };
  if (!archive) return await renderReport({ ...data, curation, facts: null, lineage: null }, nothing);
  const facts = archiveFacts(archive, { curation, boxed, result }, settings);
  const { archiveId, creationDate, cocoFiles } = archive.plan;
  const lineage = {
    ...{ archiveId, creationDate, cocoFiles },
    datasetVersion: datasetVersion(archiveId, settings),
  };
  const read = archiveReader(source, archive, shownImages(facts), settings);
  return await renderReport({ ...data, curation, facts, lineage }, read);
}

const nothing = async () => undefined;

/** Reads shown images from the archive again and preprocesses them if the report shows the preprocessed image. */
function archiveReader(
  source: ByteSource,
  { batches }: ReadArchive,
  shown: readonly ShownImage[],
  settings: DatasetSettings,
): (image: ShownImage) => Promise<Buffer | undefined> {
  const wanted = new Set(shown.map(({ path }) => path));
  const entries = new Map(
    batches.flatMap(({ images }) =>
      images.flatMap(({ entry }) => (wanted.has(entry.path) ? [[entry.path, entry] as const] : [])),
    ),
  );
  return async ({ path, key }) => {
    const entry = entries.get(path);
    if (!entry) return undefined;
    const bytes = await readEntry(source, entry).catch(() => undefined);
    if (!bytes || key === null) return bytes;
    const prepared = await preprocessImage(bytes, settings);
    return 'body' in prepared ? prepared.body : undefined;
  };
}
