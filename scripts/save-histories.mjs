// Saves the histories of a finished run from the running stack, for test/workflows/replay.test.ts.
//   node scripts/save-histories.mjs <dataset> <name>
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const [dataset, name] = process.argv.slice(2);
if (!dataset || !name) {
  process.stderr.write('usage: node scripts/save-histories.mjs <dataset> <name>\n');
  process.exit(2);
}
const { version } = createRequire(import.meta.url)('@temporalio/workflow/package.json');
const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS });
const client = new Client({ connection });
const query = ['ingest', 'preprocess', 'train']
  .map((kind) => `WorkflowId = "${kind}/${dataset}" OR WorkflowId STARTS_WITH "${kind}/${dataset}/"`)
  .join(' OR ');
for await (const { workflowId, runId, type } of client.workflow.list({ query })) {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const file = fileURLToPath(new URL(`../test/histories/${type}.${name}.${version}.json`, import.meta.url));
  writeFileSync(file, `${JSON.stringify(historyToJSON(history), null, 1)}\n`);
  process.stdout.write(`${file}\n`);
}
await connection.close();
