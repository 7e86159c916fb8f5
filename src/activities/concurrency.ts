import pLimit from 'p-limit';

/** Requests in flight of one activity: enough to hide latency, few enough for a small server. */
const REQUESTS = 8;

export async function forEachConcurrently<T>(
  items: Iterable<T>,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const limit = pLimit(REQUESTS);
  await Promise.all(Array.from(items, (item) => limit(() => task(item))));
}
