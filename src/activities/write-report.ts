import type { ServiceValidation } from '../contracts/service-validation.js';
import { planKey, rawKey, reportFactsKey, versionKey } from '../dataset/model/layout.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { planSchema } from '../pipeline/files.js';
import { renderReport } from '../pipeline/render-report.js';
import { reportFactsSchema } from '../pipeline/report-facts-schema.js';
import { validationReportSchema } from '../pipeline/validation-report-schema.js';
import type { ReportData } from '../report/data.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { VersionRef } from './interface.js';

/** Writes report.html beside the version's other files. The images that it shows are read from the bucket. */
export async function writeReport(
  store: ObjectStore,
  { bucket, dataset, version }: VersionRef,
  data: ReportData,
  abortable: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const page = await renderReport(data, ({ path, key }) =>
    store.findBytes(bucket, key ?? rawKey(dataset, path), abortable),
  );
  await store.put(bucket, versionKey(dataset, version, 'report.html'), page, {
    contentType: 'text/html; charset=utf-8',
    ...abortable,
  });
}

/**
 * Writes report.html of a dataset version that was trained on again, with what the training service reported.
 * @throws StorageError if a file of the version is missing
 */
export async function addToReport(
  store: ObjectStore,
  ref: VersionRef,
  settings: DatasetSettings,
  serviceValidation: ServiceValidation,
  signal: AbortSignal,
): Promise<void> {
  const { bucket, dataset, version } = ref;
  const reportKey = versionKey(dataset, version, 'validation_report.json');
  const report = await store.getJson(bucket, reportKey, validationReportSchema, { signal });
  const lineage = await store.getJson(bucket, planKey(dataset, version), planSchema, { signal });
  // Absent in versions converted by earlier workers.
  const facts = await store.findJson(bucket, reportFactsKey(dataset, version), reportFactsSchema, { signal });
  const { findings } = report;
  await writeReport(
    store,
    ref,
    {
      ...{ dataset, refusal: null, findings, curation: report, facts: facts ?? null },
      ...{ settings, lineage, serviceValidation },
    },
    { signal },
  );
}
