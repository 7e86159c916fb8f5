// Uploads an archive, starts its run and prints each stage until the run ends or waits for approval.
//   node examples/ingest.mjs my.zip my-dataset
import { connect, ingestArchive } from 'curator/client';
import { readArguments } from './arguments.mjs';

const [archive, dataset] = readArguments('ingest.mjs <my.zip> <dataset>');
const { client, close } = await connect();
const { started, runId } = await ingestArchive(client, archive, { dataset, settings: { minClassImages: 2 } });
console.log(`${started ? 'started' : 'found'} run ${runId}`);
let last;
for await (const { stage, result } of client.watch(dataset)) {
  if (stage !== last) console.log(stage);
  last = stage;
  if (result) console.log(result.message);
  if (stage === 'awaiting-approval') break;
}
await close();
