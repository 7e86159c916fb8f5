import { MAX_VERSION_IMAGES } from '../../contracts/version-images.js';
import { manifestFindings, validationOutcome } from '../../custom-labels/validate-dataset.js';
import { reportText, validationReport } from '../../dataset/curating/validation-report.js';
import { curationKey, planKey, reportFactsKey, versionKey } from '../../dataset/model/layout.js';
import { qualityFields } from '../../dataset/model/quality.js';
import { curationFactsSchema, planSchema } from '../../pipeline/files.js';
import { reportFactsSchema } from '../../pipeline/report-facts-schema.js';
import { readLines } from '../../storage/json-lines.js';
import type { ObjectStore } from '../../storage/object-store.js';
import type { DatasetActivities, Validation } from '../interface.js';
import { MAX_LISTED_EXAMPLES } from '../payload-limits.js';
import { writeReport } from '../write-report.js';

export type ValidateInput = Parameters<DatasetActivities['validateDataset']>[0];

/**
 * Applies the service's rules to the manifests of a dataset version, and writes the version's reports. Reads the manifests
 * back, so that the files themselves are validated.
 * @throws StorageError
 */
export async function validateVersion(
  store: ObjectStore,
  { bucket, dataset, version, settings }: ValidateInput,
): Promise<Validation> {
  const manifests = manifestFindings();
  for (const side of ['train', 'val'] as const) {
    const location = { bucket, key: versionKey(dataset, version, `${side}.manifest`) };
    const lines = readLines(store, location, { maxLines: MAX_VERSION_IMAGES });
    for await (const { text } of lines) manifests[side].check(text);
  }
  const plan = await store.getJson(bucket, planKey(dataset, version), planSchema);
  const curation = await store.getJson(bucket, curationKey(dataset, version), curationFactsSchema);

  const outcome = validationOutcome(manifests);
  const report = validationReport({
    curation,
    findings: [...outcome.findings, ...curation.findings, ...plan.findings],
    refusal: outcome.refusal,
    settings,
    dataset,
    archiveId: plan.archiveId,
    datasetVersion: plan.datasetVersion,
  });
  const { findings } = report;
  const reportKey = versionKey(dataset, version, 'validation_report.json');
  await store.putJson(bucket, reportKey, reportText(report));
  // Absent in versions converted by earlier workers.
  const facts = await store.findJson(bucket, reportFactsKey(dataset, version), reportFactsSchema);
  await writeReport(
    store,
    { bucket, dataset, version },
    {
      ...{ dataset, refusal: outcome.refusal, findings, curation, facts: facts ?? null },
      ...{ settings, lineage: plan },
    },
  );
  return {
    findings: findings.map((finding) => ({
      ...finding,
      examples: finding.examples.slice(0, MAX_LISTED_EXAMPLES),
    })),
    refusal: outcome.refusal && `${outcome.refusal} See validation_report.json.`,
    ...qualityFields(report.summary),
  };
}
