import { z } from 'zod';
import { ingestResultSchema, progressSchema } from './schemas.js';
import { type IngestResult, OUTCOMES, type Progress, STAGES } from './workflow-io.js';

/** Fields of evaluations that earlier versions did not write, though their schema requires them. */
const LATER_FIELDS: ReadonlySet<unknown> = new Set(['testBoxes', 'interval', 'chance']);

/**
 * Checks that the fields of a stored document have the types of its schema. Names and numbers that the schema does not allow
 * are accepted, since newer versions may write them.
 */
function hasTypesOf(schema: z.ZodType) {
  return (document: unknown, context: z.RefinementCtx) => {
    const { error } = schema.safeParse(document, { reportInput: true });
    for (const { code, path, input, message } of error?.issues ?? []) {
      const isOtherName = code === 'invalid_value' && typeof input === 'string';
      const isEarlier = input === undefined && LATER_FIELDS.has(path.at(-1));
      const isType = code === 'invalid_value' || code === 'invalid_type';
      if (isType && !isOtherName && !isEarlier)
        context.addIssue({ code: 'custom', path: [...path], message });
    }
  };
}

/** The ledger's entry of an upload, `uploads/<sha256>.json`. It prevents a second run for a repeated event. */
export const ledgerEntrySchema = z.object({
  upload: z.object({ bucket: z.string(), key: z.string(), etag: z.string(), bytes: z.number() }),
  workflowId: z.string(),
  runId: z.string(),
  outcome: z.enum(['running', ...OUTCOMES]),
  result: z.custom<IngestResult>().nullable().superRefine(hasTypesOf(ingestResultSchema.nullable())),
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

/** The progress document in status.json and over HTTP. Fields that newer versions add are kept. */
export const statusSchema: z.ZodType<Progress> = z
  .looseObject({
    stage: z.enum([...STAGES, ...OUTCOMES]),
    dataset: z.string(),
    workflowId: z.string(),
    runId: z.string(),
    upload: ledgerEntrySchema.shape.upload,
    version: z.string().nullable(),
    images: z.object({ done: z.number(), total: z.number(), rejected: z.number() }),
    stages: z.array(z.object({ stage: z.enum(STAGES), from: z.string(), to: z.string().nullable() })),
    training: z.object({ projectVersionArn: z.string(), modelVersion: z.string() }).nullable(),
    approval: z.custom<Progress['approval']>(),
    result: z.custom<Progress['result']>(),
  })
  .superRefine(hasTypesOf(progressSchema));
