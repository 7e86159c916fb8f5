import { z } from 'zod';
import { qualitySchemas } from '../contracts/schemas.js';
import type { ValidationReport } from '../dataset/curating/validation-report.js';
import { curationFactsSchema } from './files.js';

/** Schema of `validation_report.json`, published as docs/validation-report.schema.json (a test compares both). */
export const validationReportSchema = curationFactsSchema.extend({
  summary: z.object({
    fit: z.boolean().describe('Whether the dataset may be trained on.'),
    ...qualitySchemas,
    message: z.string().describe('Sentences for a person; if it is not fit, why and what to do.'),
    errors: z.int().nonnegative().describe('Findings that are errors.'),
    warnings: z.int().nonnegative().describe('Findings that are warnings.'),
  }),
  settings: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('The dataset settings of the run, as docs/curating.md names them.'),
  lineage: z.object({
    dataset: z.string(),
    archiveId: z
      .string()
      .describe('What is in the archive, however and whenever it was zipped: SHA-256, hex.'),
    datasetVersion: z.string().describe('Archive id, settings and rules: SHA-256, hex.'),
    rulesVersion: z.int().describe('Raised when a rule of curating changes.'),
  }),
}) satisfies z.ZodType<Omit<ValidationReport, 'settings'>>;

/** The schema of `validation_report.json` as JSON Schema, draft 2020-12. */
export const validationReportJsonSchema = () =>
  z.toJSONSchema(validationReportSchema.meta({ title: 'validation_report.json' }));
