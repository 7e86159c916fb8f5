// Runs commands of the built CLI one after another in this process, which is faster than one process per command.
// A message has the arguments and the environment of a command; the answer has its exit code and its output.
const MAIN = new URL('../../dist/cli/main.js', import.meta.url);
/** `bin/curator.js` sets it too. */
const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

let count = 0;
let output = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr']) {
  process[name].write = (chunk, ...rest) => {
    output[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    rest.find((one) => typeof one === 'function')?.();
    return true;
  };
}

process.on('message', async ({ args, env }) => {
  output = { stdout: '', stderr: '' };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env, QUIET);
  process.argv.splice(2, Infinity, ...args);
  process.exitCode = undefined;
  count += 1;
  // The query makes a new instance of the entry module; what it imports is shared.
  await import(`${MAIN}?${count}`);
  process.send({ code: process.exitCode ?? 0, ...output });
  process.exitCode = undefined;
});
