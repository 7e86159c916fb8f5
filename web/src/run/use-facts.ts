import { useEffect, useState } from 'preact/hooks';
import type { IngestResult, Progress } from '../../../src/contracts/workflow-io.js';
import { api } from '../api.js';

/** What a version is made of: of the result; of the validation report before there is one, and where it was refused, for a refusal says no more than why. */
export type Facts = Pick<IngestResult, 'images' | 'labels' | 'droppedClasses' | 'findings'> & {
  /** As far as it is known. */
  readonly minClassImages?: number;
};

const AFTER_VALIDATION = ['awaiting-approval', 'training', 'evaluating'];

export function useFacts(progress: Progress | undefined): Facts | undefined {
  const [reported, setReported] = useState<Facts>();
  const { dataset, version, stage, result } = progress ?? {};
  const isRefused = result?.outcome === 'refused';
  const isReported = isRefused
    ? result.uris.report !== null
    : stage !== undefined && AFTER_VALIDATION.includes(stage);
  useEffect(() => {
    setReported(undefined);
    if (!isReported || dataset === undefined || !version) return undefined;
    let wanted = true;
    api.report(dataset).then(
      (report) => {
        if (wanted) setReported({ ...report, minClassImages: report.settings.minClassImages });
      },
      // The result will say the same; until then the page shows less.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [dataset, version, isReported]);
  return isRefused ? (reported ?? result) : (result ?? reported);
}
