import { useMemo } from 'preact/hooks';
import type { Finding } from '../../../src/contracts/workflow-io.js';
import type { FindingCase } from '../../../src/report/facts.js';
import { api } from '../api.js';
import { Findings } from '../parts/findings.js';
import { useLoaded } from './use-loaded.js';

const NO_CASES: readonly FindingCase[] = [];
const noCases = async () => NO_CASES;

/** The findings of a dataset version, with the images that show their cases. */
export function RunFindings({
  dataset,
  version,
  findings,
  labels,
}: {
  dataset: string;
  /** Null if the archive could not be read as a dataset. */
  version: string | null;
  findings: readonly Finding[];
  labels: readonly string[];
}) {
  const cases = useLoaded(version === null ? noCases : api.findingCases, dataset, version ?? '', NO_CASES);
  const pictures = useMemo(
    () => ({
      cases,
      labels,
      isSplit: labels.length > 0,
      srcOf: ({ key }: { key: string }) => api.imageAddress(dataset, key),
    }),
    [cases, dataset, labels],
  );
  return <Findings findings={findings} pictures={pictures} />;
}
