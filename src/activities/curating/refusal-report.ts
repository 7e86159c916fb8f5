import { CurationRefusal } from '../../dataset/curating/refusals.js';
import { refusalFinding, reportText, validationReport } from '../../dataset/curating/validation-report.js';
import { DatasetError } from '../../dataset/model/errors.js';
import { reportFactsKey, versionKey } from '../../dataset/model/layout.js';
import type { Plan } from '../../pipeline/files.js';
import { type ReportInput, reportFacts } from '../../report/choose-images.js';
import type { ObjectStore } from '../../storage/object-store.js';
import type { VersionRef } from '../interface.js';
import { MAX_LISTED_CLASSES } from '../payload-limits.js';
import { writeReport } from '../write-report.js';

/**
 * Runs `curating`. If it refuses the dataset, writes the version's reports and throws the refusal with the report's key
 * and the counts in its details. Other errors are rethrown unchanged.
 */
export async function withRefusalReport<T>(
  store: ObjectStore,
  run: VersionRef & {
    readonly plan: Plan;
    readonly seen: Omit<ReportInput, 'boxed' | 'findings' | 'curated'>;
  },
  curating: () => T,
): Promise<T> {
  try {
    return curating();
  } catch (error) {
    if (!(error instanceof CurationRefusal)) throw error;
    const { bucket, dataset, version, plan, seen } = run;
    const { settings } = seen;
    const { message: refusal } = error;
    const report = validationReport({
      curation: error.facts,
      findings: [refusalFinding(error), ...error.facts.findings, ...plan.findings],
      refusal,
      settings,
      dataset,
      archiveId: plan.archiveId,
      datasetVersion: plan.datasetVersion,
    });
    const key = versionKey(dataset, version, 'validation_report.json');
    await store.putJson(bucket, key, reportText(report));
    const { findings } = report;
    const facts = reportFacts({ ...seen, boxed: error.boxed, findings, curated: null });
    await store.putJson(bucket, reportFactsKey(dataset, version), JSON.stringify(facts));
    const data = { dataset, refusal, findings, curation: null, facts, settings, lineage: plan };
    await writeReport(store, run, data);
    const counted = {
      images: error.facts.images,
      annotations: error.facts.annotations,
      droppedClasses: error.facts.droppedClasses.slice(0, MAX_LISTED_CLASSES),
    };
    const details = { ...error.details, report: key, counted };
    throw new DatasetError(error.type, error.message, details, error.rejected);
  }
}
