import { useEffect, useState } from 'preact/hooks';
import type { IngestResult, Progress } from '../../../src/contracts/workflow-io.js';
import { api } from '../api.js';

/** Counts and findings of a dataset version: from the result; from the validation report before there is a result, and after a refusal, whose result has no counts. */
export type Facts = Pick<IngestResult, 'images' | 'labels' | 'droppedClasses' | 'groups' | 'findings'> & {
  /** The setting of the version; absent if only the result is known. */
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
      // The result will have the same values; until then the page shows less.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [dataset, version, isReported]);
  return isRefused ? (reported ?? result) : (result ?? reported);
}
