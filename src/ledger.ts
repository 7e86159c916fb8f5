import { z } from 'zod';
import { type IngestResult, OUTCOMES } from './contracts.js';

/** What the ledger keeps of an upload, so that no event starts it twice. */
export const ledgerEntrySchema = z.object({
  upload: z.object({ bucket: z.string(), key: z.string(), etag: z.string(), bytes: z.number() }),
  workflowId: z.string(),
  runId: z.string(),
  outcome: z.enum(['running', ...OUTCOMES]),
  result: z.custom<IngestResult>().nullable(),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
