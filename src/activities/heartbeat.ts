import { heartbeat } from '@temporalio/activity';

const INTERVAL_MS = 5_000;

/** Heartbeats while `work` runs: for passes whose steps are of unknown length. Counts go where they're known. */
export async function whileHeartbeating<T>(
  work: (report: (detail: unknown) => void) => Promise<T>,
): Promise<T> {
  let latest: unknown;
  const timer = setInterval(() => heartbeat(latest), INTERVAL_MS);
  try {
    return await work((detail) => {
      latest = detail;
    });
  } finally {
    clearInterval(timer);
  }
}
