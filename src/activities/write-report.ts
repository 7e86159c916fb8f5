import { rawKey, versionKey } from '../dataset/model/layout.js';
import { renderReport } from '../pipeline/render-report.js';
import type { ReportData } from '../report/data.js';
import type { ActivityDeps } from './deps.js';
import type { VersionRef } from './interface.js';

/** Writes report.html beside the version's other files. The images that it shows are read from the bucket. */
export async function writeReport(
  store: ActivityDeps['store'],
  { bucket, dataset, version }: VersionRef,
  data: ReportData,
  signal: AbortSignal,
): Promise<void> {
  const page = await renderReport(data, ({ path, key }) =>
    store.findBytes(bucket, key ?? rawKey(dataset, path), { signal }),
  );
  await store.put(bucket, versionKey(dataset, version, 'report.html'), page, {
    contentType: 'text/html; charset=utf-8',
    signal,
  });
}
