import type { LedgerEntry } from '../contracts/ledger.js';
import type { IngestResult } from '../contracts/workflow-io.js';
import type { RunRef } from './interface.js';

/** The text of a run's entry in the ledger. */
export function ledgerEntry(
  run: RunRef,
  outcome: LedgerEntry['outcome'],
  result: IngestResult | null,
): string {
  const { upload, workflowId, runId } = run;
  return `${JSON.stringify({ upload, workflowId, runId, outcome, result } satisfies LedgerEntry)}\n`;
}
