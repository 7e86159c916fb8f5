import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { MetricMeter } from '@temporalio/common';
import { STAGE_ATTRIBUTE } from '../contracts/search-attributes.js';
import { STAGES } from '../contracts/workflow-io.js';

/** Open runs that are looked at. With more of them, the figures are lower bounds. */
const MAX_RUNS = 1_000;
/** Temporal's query for open runs. */
export const OPEN_RUNS = `WorkflowType = 'ingestDataset' AND ExecutionStatus = 'Running'`;
/** The stage of runs on a Temporal server without Curator's search attributes. */
const UNKNOWN = 'unknown';

type OpenRun = Pick<WorkflowExecutionInfo, 'startTime' | 'typedSearchAttributes'>;

/**
 * Returns a function that measures the open runs of the namespace, whichever worker runs them. So the figures of several
 * workers are the same.
 * @param list lists the open runs
 */
export function openRunMetrics(meter: MetricMeter, list: () => AsyncIterable<OpenRun>): () => Promise<void> {
  const count = meter.createGauge(
    'curator_open_runs',
    'int',
    '',
    'Open ingest runs of the namespace, by stage.',
  );
  const age = meter.createGauge(
    'curator_open_run_age_seconds',
    'float',
    '',
    'Seconds since the start of the oldest open ingest run, by stage; 0 if there is none.',
  );
  const updated = meter.createGauge(
    'curator_open_runs_updated_timestamp_seconds',
    'float',
    '',
    'Unix time at which this worker last read the open runs from Temporal.',
  );
  return async () => {
    const ages = new Map<string, number[]>([...STAGES, UNKNOWN].map((stage) => [stage, []]));
    let seen = 0;
    for await (const { startTime, typedSearchAttributes } of list()) {
      const stage = typedSearchAttributes.get(STAGE_ATTRIBUTE) ?? UNKNOWN;
      ages.get(stage)?.push((Date.now() - startTime.getTime()) / 1000);
      seen += 1;
      if (seen === MAX_RUNS) break;
    }
    for (const [stage, seconds] of ages) {
      count.set(seconds.length, { stage });
      age.set(Math.max(0, ...seconds), { stage });
    }
    updated.set(Date.now() / 1000);
  };
}
