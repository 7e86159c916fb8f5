import { availableParallelism, totalmem } from 'node:os';

/** Memory in bytes that one process with four image pipelines may need. Decoders that need more share one limit. */
const PROCESS_BYTES = 512 * 1024 * 1024;

/** The number of processes that preprocess images if none is set: one per processor, fewer if memory is short. */
export function defaultProcesses(
  processors = availableParallelism(),
  memory = Math.min(totalmem(), limitOfContainer()),
): number {
  return Math.max(1, Math.min(processors, Math.floor(memory / PROCESS_BYTES)));
}

/** The memory limit of the container in bytes; infinite if there is none. */
function limitOfContainer(): number {
  return process.constrainedMemory() || Number.POSITIVE_INFINITY;
}
