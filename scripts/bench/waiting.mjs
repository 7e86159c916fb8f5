// Shows what the worker itself costs: processes whose images wait instead of computing, so that processors do not matter.
import limit from 'p-limit';
import { BatchPool } from '../../dist/activities/batches/pool.js';

const PROCESSES = [1, 2, 4, 8];
const BATCHES_PER_PROCESS = 6;
const BATCH_IMAGES = 100;

/** Images per second by the number of processes, and their share of linear growth. */
export async function measureWaiting() {
  const rows = [];
  for (const processes of PROCESSES) {
    const perSecond = await imagesPerSecond(processes);
    const ofLinear = perSecond / (rows[0]?.perSecond ?? perSecond) / processes;
    rows.push({ processes, perSecond: Math.round(perSecond), ofLinear: Number(ofLinear.toFixed(2)) });
  }
  return rows;
}

async function imagesPerSecond(processes) {
  const pool = new BatchPool({}, processes, new URL('./waiting-process.mjs', import.meta.url));
  const run = async (batches) => {
    const atOnce = limit(processes);
    const job = { batch: { index: 0, images: Array(BATCH_IMAGES).fill(null) } };
    const all = Array.from({ length: batches }, () => atOnce(() => pool.run(job, () => undefined)));
    await Promise.all(all);
  };
  try {
    // Starts the processes.
    await run(processes);
    const start = performance.now();
    await run(processes * BATCHES_PER_PROCESS);
    return (processes * BATCHES_PER_PROCESS * BATCH_IMAGES) / ((performance.now() - start) / 1000);
  } finally {
    pool.close();
  }
}
