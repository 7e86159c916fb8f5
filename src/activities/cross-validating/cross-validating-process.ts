/** The process that `CrossValidating` starts for one dataset version. */
import { setPriority } from 'node:os';
import type { FitCounts } from '../../contracts/cross-validation.js';
import { crossValidateVersion } from '../../cross-validation/cross-validate-version.js';
import { sendToParent, serveParent } from '../../lib/parent-process.js';
import { createS3Client } from '../../storage/client.js';
import { ObjectStore } from '../../storage/object-store.js';
import { packError } from '../packed-error.js';
import type { FromChild, ToChild } from './messages.js';

/** Below the normal priority of 0: runs and trainings go first, because people wait for them. */
const LOW_PRIORITY = 10;

serveParent(({ aws, input }: ToChild) => {
  setPriority(LOW_PRIORITY);
  const store = new ObjectStore(createS3Client(aws));
  const report = (counts: FitCounts) => send({ type: 'progress', counts });
  // The worker stops this process by ending it.
  crossValidateVersion(store, input, report, new AbortController().signal).then(
    () => send({ type: 'done' }),
    (error: unknown) => send({ type: 'failed', error: packError(error) }),
  );
});

function send(message: FromChild): void {
  // If nothing can be sent, the worker has ended, and so does this process.
  sendToParent(message).catch(() => undefined);
}
