import { inspect } from 'node:util';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';

/** Workflow ids begin with their kind and their dataset, such as `train/skin/0123456789abcdef-r1`. */
const DATASET_OF_ID = /^(?:ingest|preprocess|train|cross-validate|stop)\/([^/]+)/;

/** Logs to stderr, one JSON object per line. */
export const jsonLogger = (): DefaultLogger =>
  new DefaultLogger('INFO', (entry) => process.stderr.write(`${jsonLine(entry)}\n`));

/**
 * A log entry as JSON: time in ISO 8601, level, message and what the SDK knows of the workflow and the activity. The
 * dataset is that of the workflow id.
 */
export function jsonLine({ timestampNanos, level, message, meta }: LogEntry): string {
  const time = new Date(Number(timestampNanos / 1_000_000n)).toISOString();
  const dataset = DATASET_OF_ID.exec(String(meta?.workflowId))?.[1];
  // The SDK names the run of an activity's workflow otherwise than that of a workflow.
  const ids = { dataset, runId: meta?.workflowRunId };
  try {
    return JSON.stringify({ time, level, message, ...ids, ...meta }, plain);
  } catch {
    // JSON has no form for objects that contain themselves, such as some errors of the network.
    return JSON.stringify({
      time,
      level,
      message,
      ...ids,
      workflowId: meta?.workflowId,
      text: inspect(meta),
    });
  }
}

/** What JSON has no form for: errors with their causes, and integers above 2^53. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { ...value, name, message, stack, cause };
}
