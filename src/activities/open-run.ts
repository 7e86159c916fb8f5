import { uploadSha256 } from '../dataset/model/identity.js';
import { ledgerKey } from '../dataset/model/layout.js';
import type { ActivityDeps } from './deps.js';
import type { LedgerActivities } from './interface.js';
import { ledgerEntry } from './ledger-entry.js';

export function createOpenRun({ store }: Pick<ActivityDeps, 'store'>): LedgerActivities['openRun'] {
  return async (run) => {
    const key = ledgerKey(run.dataset, uploadSha256(run.upload));
    const entry = ledgerEntry(run, 'running', null);
    const written = await store.putJson(run.upload.bucket, key, entry, { ifNoneMatch: true });
    // An existing entry belongs to an earlier run of this upload, which a person started again.
    if (written === 'exists') await store.putJson(run.upload.bucket, key, entry);
  };
}
