// Writes the published JSON Schemas from the schemas in the code: npm run schemas.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { modelCardJsonSchema } from '../dist/training/model-card-schema.js';

const SCHEMAS = { 'model-card': modelCardJsonSchema() };

for (const [name, schema] of Object.entries(SCHEMAS)) {
  const file = fileURLToPath(new URL(`../docs/${name}.schema.json`, import.meta.url));
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
