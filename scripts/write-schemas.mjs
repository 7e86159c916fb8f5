// Writes the published JSON Schemas from the schemas in the code: npm run schemas.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../dist/config/settings.js';
import { validationReportJsonSchema } from '../dist/pipeline/validation-report-schema.js';
import { modelCardJsonSchema } from '../dist/training/model-card-schema.js';

const SCHEMAS = {
  'model-card': modelCardJsonSchema(),
  'curator.config': configJsonSchema(),
  'validation-report': validationReportJsonSchema(),
};

for (const [name, schema] of Object.entries(SCHEMAS)) {
  const file = fileURLToPath(new URL(`../docs/${name}.schema.json`, import.meta.url));
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
