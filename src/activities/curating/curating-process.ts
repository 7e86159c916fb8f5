/** The process that `Curating` starts for one step. */
import { growHeapSlowly } from '../../lib/heap-growth.js';
import { sendToParent, serveParent } from '../../lib/parent-process.js';
import { createS3Client } from '../../storage/client.js';
import { ObjectStore } from '../../storage/object-store.js';
import type { HeartbeatCounts } from '../heartbeat.js';
import type { Conversion, Validation } from '../interface.js';
import { packError } from '../packed-error.js';
import { convertVersion } from './convert-version.js';
import type { FromChild, Step, ToChild } from './messages.js';
import { validateVersion } from './validate-version.js';

type Result = Conversion | Validation;

growHeapSlowly();
serveParent(({ aws, step }: ToChild) => {
  const store = new ObjectStore(createS3Client(aws));
  run(store, step).then(
    (result) => send({ type: 'done', result }),
    (error: unknown) => send({ type: 'failed', error: packError(error) }),
  );
});

async function run(store: ObjectStore, step: Step): Promise<Result> {
  if (step.name === 'validate') return await validateVersion(store, step.input);
  return await convertVersion(store, step.input, (counts: HeartbeatCounts) =>
    send({ type: 'progress', counts }),
  );
}

function send(message: FromChild<Result>): void {
  // If nothing can be sent, the worker has ended, and so does this process.
  sendToParent(message).catch(() => undefined);
}
