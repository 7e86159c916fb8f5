/**
 * A thread that ends its process by a signal of its own once the process has used more CPU time than `workerData`, in ms. A
 * timer of the main thread would not run during a long computation.
 */
import { workerData } from 'node:worker_threads';
import { CPU_TIME_SIGNAL } from '../lib/run-child.js';

/** Time between two looks at the CPU time. */
const CHECK_MS = 500;

setInterval(() => {
  const { user, system } = process.cpuUsage();
  if ((user + system) / 1000 > Number(workerData)) process.kill(process.pid, CPU_TIME_SIGNAL);
}, CHECK_MS);
