// Loaded into a worker by NODE_OPTIONS: trainings that a quota refuses are tried again after seconds, not minutes.
const { readFileSync } = require('node:fs');
const { Worker } = require('@temporalio/worker');

const PAUSES = [
  ['MIN_PAUSE_SECS = 5 * 60', 'MIN_PAUSE_SECS = 10'],
  ['MAX_PAUSE_SECS = 15 * 60', 'MAX_PAUSE_SECS = 20'],
];

function shortened({ codePath }) {
  let code = readFileSync(codePath, 'utf8');
  for (const [pause, short] of PAUSES) {
    if (!code.includes(pause)) throw new Error(`The workflow bundle has no ${pause}.`);
    code = code.replace(pause, short);
  }
  return { code };
}

const { create } = Worker;
Worker.create = ({ workflowBundle, ...options }) =>
  create.call(Worker, {
    ...options,
    ...(workflowBundle ? { workflowBundle: shortened(workflowBundle) } : {}),
  });
