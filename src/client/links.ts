import type { Environment, TemporalEnvironment } from '../config/environment.js';

interface Run {
  readonly dataset: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** Where a person can look at a run; null if the environment does not tell. */
export interface Links {
  readonly pageUrl: string | null;
  readonly workflowUrl: string | null;
}

export const linksOf = ({ page, temporal }: Pick<Environment, 'page' | 'temporal'>, run: Run): Links => ({
  pageUrl: page === undefined ? null : pageUrl(page, run.dataset),
  workflowUrl: workflowUrl(temporal, run),
});

/** The page of a dataset's latest run on an endpoint. */
export const pageUrl = (endpoint: string, dataset: string): string =>
  `${endpoint.replace(/\/$/, '')}/#/datasets/${dataset}`;

/** The run in Temporal's UI; null if CURATOR_TEMPORAL_UI is not set. */
export function workflowUrl(
  { ui, namespace }: TemporalEnvironment,
  { workflowId, runId }: Pick<Run, 'workflowId' | 'runId'>,
): string | null {
  if (ui === undefined) return null;
  return `${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/timeline`;
}
