import { CurationRefusal } from '../dataset/curation-refusals.js';
import { DatasetError } from '../dataset/errors.js';
import { versionKey } from '../dataset/layout.js';
import { refusalFinding, reportText, validationReport } from '../dataset/report.js';
import type { DatasetSettings } from '../dataset/settings.js';
import type { Plan } from '../pipeline/files.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { VersionRef } from './interface.js';

/**
 * Writes the report of a dataset that curating refuses, before the error goes on its way, which then names it.
 * Other errors go on as they are.
 */
export async function withRefusalReport<T>(
  store: ObjectStore,
  run: VersionRef & {
    readonly settings: DatasetSettings;
    readonly plan: Plan;
    readonly signal: AbortSignal;
  },
  curating: () => Promise<T>,
): Promise<T> {
  try {
    return await curating();
  } catch (error) {
    if (!(error instanceof CurationRefusal)) throw error;
    const { bucket, dataset, version, settings, plan, signal } = run;
    const report = validationReport({
      curation: error.facts,
      findings: [refusalFinding(error), ...error.facts.findings, ...plan.findings],
      refusal: error.message,
      settings,
      dataset,
      archiveId: plan.archiveId,
      datasetVersion: plan.datasetVersion,
    });
    const key = versionKey(dataset, version, 'validation_report.json');
    await store.put(bucket, key, reportText(report), { contentType: 'application/json', signal });
    throw new DatasetError(error.type, error.message, { ...error.details, report: key }, error.rejected);
  }
}
