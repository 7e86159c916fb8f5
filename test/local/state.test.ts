import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, isFree } from '../../src/local/ports.js';
import { startServer, startTimeOf } from '../../src/local/processes.js';
import { startStack } from '../../src/local/stack.js';
import { credentialsOf, endLeftovers, readRunningStack, StackRecord } from '../../src/local/state.js';

describe('startStack', () => {
  it('refuses a requested port that is in use', async () => {
    const home = mkdtempSync(join(tmpdir(), 'curator-home-'));
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const options = { home, env: process.env, say: () => undefined, ports: { endpoint: port } };
    await expect(startStack(options)).rejects.toThrow(`Port ${port} (--endpoint-port) is in use`);
    other.close();
    rmSync(home, { recursive: true });
  });
});

describe('the record of a stack', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'curator-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const sleeper = () => spawn('sleep', ['1000']);
  const record = (processes: object[], owner: object = { pid: 0, started: '' }) =>
    writeFileSync(join(home, 'stack.json'), JSON.stringify({ owner, processes, info: null }));

  it('ends the processes that a killed stack left behind', async () => {
    const child = sleeper();
    const exit = once(child, 'exit');
    record([{ name: 'weed', pid: child.pid, started: startTimeOf(child.pid ?? 0) }]);
    const said: string[] = [];
    await endLeftovers(home, (message) => said.push(message));
    await exit;
    expect(said).toEqual([expect.stringContaining('weed')]);
  });

  it('creates the folder of a stack for its owner only', async () => {
    const created = join(home, 'new', 'home');
    await endLeftovers(created, () => undefined);
    expect(statSync(created).mode & 0o077).toBe(0);
  });

  it('makes what an earlier version left in the folder accessible to its owner only', async () => {
    chmodSync(home, 0o755);
    for (const name of ['s3', 'rekognition']) mkdirSync(join(home, name), { mode: 0o755 });
    for (const name of ['temporal.db', 'notes.txt']) writeFileSync(join(home, name), '', { mode: 0o644 });
    await endLeftovers(home, () => undefined);
    const modeOf = (name: string) => statSync(join(home, name)).mode & 0o777;
    expect(['s3', 'rekognition', 'logs', 'temporal.db'].map(modeOf)).toEqual([0o700, 0o700, 0o700, 0o600]);
    expect(modeOf('notes.txt')).toBe(0o644);
  });

  it('starts servers whose logs and files are accessible to their owner only', async () => {
    const log = join(home, 'server.log');
    const created = join(home, 'created');
    const args = ['-e', `require('node:fs').writeFileSync(${JSON.stringify(created)}, '')`];
    const server = startServer({ name: 'server', command: process.execPath, args, env: {}, log });
    await server.ended;
    for (const file of [log, created]) expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('does not end a process that got a recorded process id later', async () => {
    const child = sleeper();
    record([{ name: 'weed', pid: child.pid, started: '12345' }]);
    await endLeftovers(home, () => undefined);
    expect(startTimeOf(child.pid ?? 0)).toBeDefined();
    child.kill('SIGKILL');
  });

  it('refuses to end the processes of a running stack', async () => {
    new StackRecord(home).add('weed', process.pid);
    await expect(endLeftovers(home, () => undefined)).rejects.toThrow(/A stack is running/);
    expect(readRunningStack(home)).toBeUndefined();
  });

  it('keeps the credentials of a home, readable by its owner only', () => {
    const first = credentialsOf(home);
    expect(credentialsOf(home)).toEqual(first);
    expect(statSync(join(home, 'credentials.json')).mode & 0o777).toBe(0o600);
  });

  it('returns each port once, free together with its twin port', async () => {
    const ports = await Promise.all(Array.from({ length: 10 }, () => freePort({ twin: 10_000 })));
    expect(new Set(ports).size).toBe(10);
    for (const port of ports) expect([await isFree(port), await isFree(port + 10_000)]).toEqual([true, true]);
  });
});
