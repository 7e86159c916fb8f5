// Approves the training that a run waits for, then prints the result of the run. A run on the local stack waits only if it
// was started with REQUIRE_APPROVAL=true.
//   node examples/approve.mjs my-dataset "looked at the report"
import { userInfo } from 'node:os';
import { connect } from 'curator/client';
import { readArguments } from './arguments.mjs';

const [dataset, note = ''] = readArguments('approve.mjs <dataset> [note]');
const { client, close } = await connect();
await client.decide(dataset, 'approve', { by: userInfo().username, note });
for await (const { result } of client.watch(dataset)) {
  if (result) console.log(`${result.outcome}: ${result.message}`);
}
await close();
