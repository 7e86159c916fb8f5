import type { TemporalEnvironment } from '../config/environment.js';

/** Returns a link to a run in the Temporal UI; null if CURATOR_TEMPORAL_UI is not set. */
export function workflowUrl(
  { ui, namespace }: TemporalEnvironment,
  { workflowId, runId }: { workflowId: string; runId: string },
): string | null {
  if (ui === undefined) return null;
  return `${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/timeline`;
}
