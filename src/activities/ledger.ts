import type { LedgerEntry } from '../contracts/ledger.js';
import type { IngestResult, Progress } from '../contracts/workflow-io.js';
import { uploadSha256 } from '../dataset/model/identity.js';
import { ledgerKey, statusKey } from '../dataset/model/layout.js';
import type { ActivityDeps } from './deps.js';
import type { LedgerActivities, RunRef } from './interface.js';

export function createLedgerActivities({ store }: Pick<ActivityDeps, 'store'>): LedgerActivities {
  return {
    async openRun(run) {
      const key = ledgerKey(run.dataset, uploadSha256(run.upload));
      const entry = ledgerEntry(run, 'running', null);
      const written = await store.put(run.upload.bucket, key, entry, { ...JSON_TYPE, ifNoneMatch: true });
      // An entry that is there is an earlier run of the same upload, which a person started again.
      if (written === 'exists') await store.put(run.upload.bucket, key, entry, JSON_TYPE);
    },

    async closeRun({ run, progress }) {
      const { bucket } = run.upload;
      const { result } = progress;
      const key = ledgerKey(run.dataset, uploadSha256(run.upload));
      await store.put(bucket, key, ledgerEntry(run, result?.outcome ?? 'failed', result), JSON_TYPE);
      await store.put(bucket, statusKey(run.dataset), statusDocument(progress), JSON_TYPE);
    },
  };
}

const JSON_TYPE = { contentType: 'application/json' } as const;

function ledgerEntry(run: RunRef, outcome: LedgerEntry['outcome'], result: IngestResult | null): string {
  const { upload, workflowId, runId } = run;
  return `${JSON.stringify({ upload, workflowId, runId, outcome, result } satisfies LedgerEntry)}\n`;
}

function statusDocument(progress: Progress): string {
  return `${JSON.stringify(progress, null, 2)}\n`;
}
