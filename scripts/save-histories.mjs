// Saves the histories of a dataset's finished runs, for test/workflows/replay.test.ts.
//   TEMPORAL_ADDRESS=… npm run histories -- <dataset> <name>
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { resolveBinary } from '../dist/local/binaries.js';

const [dataset, name] = process.argv.slice(2);
if (!dataset || !name) {
  process.stderr.write('usage: npm run histories -- <dataset> <name>\n');
  process.exit(2);
}
const { version } = createRequire(import.meta.url)('@temporalio/workflow/package.json');
const { path } = await resolveBinary('temporal');
const temporal = (...args) =>
  JSON.parse(execFileSync(path, [...args, '--output', 'json'], { encoding: 'utf8', maxBuffer: 1e9 }));

const query = ['ingest', 'preprocess', 'train', 'stop', 'cross-validate']
  .map((kind) => `WorkflowId = "${kind}/${dataset}" OR WorkflowId STARTS_WITH "${kind}/${dataset}/"`)
  .concat('WorkflowType = "sweepLanding"')
  .join(' OR ');
/** Runs so far, by workflow type: later runs have numbered files. */
const saved = {};
// Listed with the newest run first.
for (const { execution, type } of temporal('workflow', 'list', '--query', query).reverse()) {
  const { workflowId, runId } = execution;
  const history = temporal('workflow', 'show', '--workflow-id', workflowId, '--run-id', runId);
  // Names of machines and paths of code are removed: a replay does not need them.
  const text = JSON.stringify(history, (key, value) => (key === 'stackTrace' ? '' : value), 1).replace(
    /"\d+@[^"]*"/g,
    '"worker"',
  );
  saved[type.name] = (saved[type.name] ?? 0) + 1;
  const numbered = saved[type.name] === 1 ? name : `${name}-${saved[type.name]}`;
  const file = fileURLToPath(
    new URL(`../test/histories/${type.name}.${numbered}.${version}.json`, import.meta.url),
  );
  writeFileSync(file, `${text}\n`);
  process.stdout.write(`${file}\n`);
}
