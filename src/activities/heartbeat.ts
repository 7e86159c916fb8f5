import { heartbeat } from '@temporalio/activity';

const INTERVAL_MS = 5_000;

/** Counts for a person who looks at the pending activity in the Temporal UI. */
export type HeartbeatCounts = Readonly<Record<string, number>>;

/**
 * Sends a heartbeat every 5 seconds while `work` runs: for steps of unknown length. A killed worker's activity is then
 * retried within seconds, and a cancellation reaches a running one. Callers report progress through `report`.
 * @param first the details until then
 */
export async function whileHeartbeating<T, D = HeartbeatCounts>(
  work: (report: (details: D) => void) => Promise<T>,
  first?: D,
): Promise<T> {
  let latest = first;
  const timer = setInterval(() => heartbeat(latest), INTERVAL_MS);
  try {
    return await work((details) => {
      latest = details;
    });
  } finally {
    clearInterval(timer);
  }
}
