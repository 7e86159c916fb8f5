// Approves the training that a run waits for, then prints the result of the run.
//   node examples/approve.mjs my-dataset "looked at the report"
import { userInfo } from 'node:os';
import { connect } from 'curator/client';

const [dataset, note = ''] = process.argv.slice(2);
const { client, close } = await connect();
await client.decide(dataset, 'approve', { by: userInfo().username, note });
for await (const { result } of client.watch(dataset)) {
  if (result) console.log(`${result.outcome}: ${result.message}`);
}
await close();
