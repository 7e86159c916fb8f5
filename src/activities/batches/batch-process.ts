/** A process that preprocesses batches, one after another. `BatchPool` starts it and kills it. */
import { shareDecoderMemory } from '../../images/decoder-memory.js';
import { sendToParent, serveParent } from '../../lib/parent-process.js';
import { createS3Client } from '../../storage/client.js';
import { ObjectStore } from '../../storage/object-store.js';
import { packError } from '../packed-error.js';
import type { FromChild, ToChild } from './messages.js';
import { storeBatch } from './store-batch.js';

const granted = new Map<number, () => void>();
let lastId = 0;
let store: ObjectStore | undefined;

serveParent((message: ToChild) => {
  if (message.type === 'process') {
    work(message).catch(() => undefined);
    return;
  }
  granted.get(message.id)?.();
  granted.delete(message.id);
});
shareDecoderMemory({ run: runWithinWorker });

async function work({ aws, job }: Extract<ToChild, { type: 'process' }>): Promise<void> {
  try {
    store ??= new ObjectStore(createS3Client(aws));
    const processed = await storeBatch(store, job, () => send({ type: 'image' }));
    send({ type: 'done', processed });
  } catch (error) {
    send({ type: 'failed', error: packError(error) });
  }
}

/** Runs a decoder once the worker grants its memory, which all processes of the worker share. */
async function runWithinWorker<T>(bytes: number, decode: () => Promise<T>): Promise<T> {
  if (bytes === 0) return await decode();
  lastId += 1;
  const id = lastId;
  await new Promise<void>((resolve) => {
    granted.set(id, resolve);
    send({ type: 'acquire', id, bytes });
  });
  try {
    return await decode();
  } finally {
    send({ type: 'release', id });
  }
}

function send(message: FromChild): void {
  // If nothing can be sent, the worker has ended, and so does this process.
  sendToParent(message).catch(() => undefined);
}
