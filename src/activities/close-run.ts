import { uploadSha256 } from '../dataset/model/identity.js';
import { ledgerKey, statusKey } from '../dataset/model/layout.js';
import type { ActivityDeps } from './deps.js';
import type { LedgerActivities } from './interface.js';
import { ledgerEntry } from './ledger-entry.js';

export function createCloseRun({
  store,
  metrics,
}: Pick<ActivityDeps, 'store' | 'metrics'>): LedgerActivities['closeRun'] {
  return async ({ run, progress }) => {
    const { bucket } = run.upload;
    const { result } = progress;
    const key = ledgerKey(run.dataset, uploadSha256(run.upload));
    const outcome = result?.outcome ?? 'failed';
    await store.putJson(bucket, key, ledgerEntry(run, outcome, result));
    const status = `${JSON.stringify(progress, null, 2)}\n`;
    await store.putJson(bucket, statusKey(run.dataset), status);
    metrics.runs.ended(outcome, progress.stages);
  };
}
