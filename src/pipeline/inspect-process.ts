/** The process that `inspectApart` starts. It reads the archive through its parent and has no credentials. */
import { Worker } from 'node:worker_threads';
import type { ByteSource } from '../archive/source.js';
import { DatasetError } from '../dataset/model/errors.js';
import { builtModule } from '../lib/built-module.js';
import { errorMessage } from '../lib/error-message.js';
import { growHeapSlowly } from '../lib/heap-growth.js';
import { sendToParent, serveParent } from '../lib/parent-process.js';
import { inspect } from './inspect.js';
import type { FromChild, ToChild } from './inspect-messages.js';

const CPU_WATCH = builtModule('./cpu-watch.js', import.meta.url);

growHeapSlowly();

const waiting = new Map<number, (bytes: Buffer) => void>();
let lastId = 0;

serveParent((message: ToChild) => {
  if (message.type === 'bytes') {
    waiting.get(message.id)?.(
      Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.length),
    );
    waiting.delete(message.id);
    return;
  }
  // If nothing can be sent, the parent has ended, or reports that this process has.
  work(message)
    .catch(() => undefined)
    .finally(() => process.disconnect());
});

async function work({ bytes, settings, cpuMs }: Extract<ToChild, { type: 'inspect' }>): Promise<void> {
  const limits = { maxOldGenerationSizeMb: 16 };
  new Worker(CPU_WATCH, { workerData: cpuMs, resourceLimits: limits }).unref();
  try {
    const { merged, plan, batches } = await inspect(parentSource(bytes), settings);
    for (const batch of batches) await send({ type: 'batch', batch });
    await send({ type: 'end', plan, labels: merged.labels });
  } catch (error) {
    if (!(error instanceof DatasetError)) {
      await send({ type: 'failed', message: errorMessage(error) });
      return;
    }
    const { type: refusal, message, details, rejected } = error;
    await send({ type: 'refused', refusal, message, details, rejected: [...rejected] });
  }
}

function parentSource(bytes: number): ByteSource {
  return {
    bytes,
    read: async (start, end) =>
      await new Promise<Buffer>((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, resolve);
        send({ type: 'read', id: lastId, start, end }).catch(reject);
      }),
  };
}

const send = async (message: FromChild) => await sendToParent(message);
