/** Setup of the unit lane: a unit test that starts a server or a process fails. See scripts/unit-tests.mjs. */
import { ChildProcess } from 'node:child_process';
import { Server } from 'node:net';

const refuse = () => {
  throw new Error(
    'Unit tests start no server and no process. See scripts/unit-tests.mjs for how they are chosen.',
  );
};

Server.prototype.listen = refuse;
// `spawn` of the class starts every process; Node's types do not declare it.
Object.assign(ChildProcess.prototype, { spawn: refuse });
