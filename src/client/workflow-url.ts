/** Link to a run in the Temporal UI, where CURATOR_TEMPORAL_UI says where that is. */
export function workflowUrl(
  env: NodeJS.ProcessEnv,
  { workflowId, runId }: { workflowId: string; runId: string },
): string | null {
  const ui = env.CURATOR_TEMPORAL_UI;
  if (!ui) return null;
  const namespace = env.TEMPORAL_NAMESPACE ?? 'default';
  return `${ui}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/timeline`;
}
