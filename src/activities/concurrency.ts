import pLimit from 'p-limit';

/** Requests in flight per activity: enough to hide latency, few enough for a small server. */
const MAX_REQUESTS = 8;

/** Runs `task` for each item, 8 at a time. Rejects with the first error. */
export async function forEachConcurrently<T>(
  items: Iterable<T>,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const limit = pLimit(MAX_REQUESTS);
  await Promise.all(Array.from(items, (item) => limit(() => task(item))));
}
