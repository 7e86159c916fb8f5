import { z } from 'zod';
import { type IngestResult, OUTCOMES, type Progress, STAGES } from './workflow-io.js';

/** The ledger's entry of an upload, `uploads/<sha256>.json`. It prevents a second run for a repeated event. */
export const ledgerEntrySchema = z.object({
  upload: z.object({ bucket: z.string(), key: z.string(), etag: z.string(), bytes: z.number() }),
  workflowId: z.string(),
  runId: z.string(),
  outcome: z.enum(['running', ...OUTCOMES]),
  result: z.custom<IngestResult>().nullable(),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** The progress document in status.json and over HTTP. Fields that code depends on are checked; others are only shown. */
export const statusSchema: z.ZodType<Progress> = z.looseObject({
  stage: z.enum([...STAGES, ...OUTCOMES]),
  dataset: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  upload: ledgerEntrySchema.shape.upload,
  version: z.string().nullable(),
  images: z.object({ done: z.number(), total: z.number(), rejected: z.number() }),
  stages: z.array(z.object({ stage: z.enum(STAGES), from: z.string(), to: z.string().nullable() })),
  training: z.object({ projectVersionArn: z.string(), modelVersion: z.string() }).nullable(),
  approval: z.custom<NonNullable<Progress['approval']>>(isObject).nullable(),
  result: z.custom<IngestResult>(isObject).nullable(),
});
