import type { DatasetSettings } from '../dataset/model/settings.js';
import { reportFacts } from '../report/choose-images.js';
import type { ReportFacts } from '../report/facts.js';
import type { Assessment, ReadArchive } from './examine.js';

/** What the report shows of a checked archive; a run of the pipeline chooses the same for it. */
export function archiveFacts(
  { plan, records, groupOf, lowContrast }: ReadArchive,
  { curation, boxed, result }: Assessment,
  settings: DatasetSettings,
): ReportFacts {
  return reportFacts({
    ...{ images: records, missing: plan.missing, groupOf, lowContrast, settings },
    boxed,
    // A run chooses the images before it validates the manifests, whose findings name none.
    findings: curation ? [...curation.findings, ...plan.findings] : result.findings,
    curated: curation,
  });
}
