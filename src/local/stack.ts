import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InterruptedError, interruptibly, untilAborted } from '../lib/interruption.js';
import { UsageError } from '../lib/usage-error.js';
import { freePort, isFree } from './ports.js';
import { type Server, type ServerOptions, startCommand } from './processes.js';
import { startSeaweedFs } from './seaweedfs.js';
import {
  credentialsOf,
  endLeftovers,
  lastInfo,
  readRunningStack,
  type StackInfo,
  StackRecord,
  stackEnv,
} from './state.js';
import { startTemporal } from './temporal-server.js';

export interface StackOptions {
  /** Folder of all persistent state. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (message: string) => void;
  readonly ports?: {
    readonly temporal?: number | undefined;
    readonly ui?: number | undefined;
    readonly s3?: number | undefined;
    readonly rekognition?: number | undefined;
    readonly endpoint?: number | undefined;
  };
}

export interface RunningStack {
  readonly info: StackInfo;
  /** Environment variables that point commands to the stack. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

interface Stoppable {
  readonly server: Pick<Server, 'stop'>;
  readonly graceMs: number;
}

/** What runs: the servers, and the commands that use them. */
interface Started {
  readonly servers: Stoppable[];
  readonly commands: Stoppable[];
}

const REGION = 'us-east-1';
const DEFAULT_BUCKET = 'curator';
/** Time between SIGTERM and SIGKILL per process; in total less than the 20 seconds that `curator up` documents. */
const GRACE_MS = { command: 3_000, seaweedfs: 6_000, temporal: 3_000 } as const;
const MAX_RESTART_DELAY_MS = 10_000;
const INTERRUPTED =
  'Interrupted. The local stack has stopped. A run that was started continues with the next `curator up`.';
const CLI = fileURLToPath(new URL('../../bin/curator.js', import.meta.url));

/**
 * Starts Temporal, S3, the emulator, a worker and the endpoint on 127.0.0.1, and restarts Curator's own processes.
 * @throws UsageError if a requested port is in use; Error if the stack of this home is running or a server fails
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { home, say } = options;
  await endLeftovers(home, say);
  await refuseUsedPorts(options.ports ?? {});
  const record = new StackRecord(home);
  const started: Started = { servers: [], commands: [] };
  const stop = async () => {
    // Commands first: they tell Temporal and S3 that they stop.
    for (const running of [started.commands, started.servers])
      await Promise.all(running.map(({ server, graceMs }) => server.stop(graceMs)));
    record.stopped();
  };
  try {
    const { info, env } = await startAll(options, record, started);
    record.ready(info);
    return { info, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Others may rely on a requested port, so it is never replaced by another one. */
async function refuseUsedPorts(ports: NonNullable<StackOptions['ports']>): Promise<void> {
  for (const [server, port] of Object.entries(ports)) {
    if (port === undefined || (await isFree(port))) continue;
    throw new UsageError(
      `Port ${port} (--${server}-port) is in use: stop the process that listens on it, or choose another port.`,
    );
  }
}

async function startAll(
  options: StackOptions,
  record: StackRecord,
  started: Started,
): Promise<{ info: StackInfo; env: NodeJS.ProcessEnv }> {
  const { home, say, ports = {} } = options;
  const last = lastInfo(home);
  const logs = join(home, 'logs');
  const credentials = credentialsOf(home);
  const bucket = options.env.BUCKET || DEFAULT_BUCKET;

  const kept = (name: 'temporal' | 'seaweedfs') => (server: Server) => {
    started.servers.push({ server, graceMs: GRACE_MS[name] });
    record.add(name, server.pid);
  };
  const startTemporalServer = async () => {
    say('starting Temporal …');
    return await startTemporal({
      ...{ home, logs, env: options.env, say },
      onStart: kept('temporal'),
      port: ports.temporal ?? portOf(last?.temporal.address),
      uiPort: ports.ui ?? portOf(last?.temporal.ui),
    });
  };
  const startS3 = async () => {
    say('starting S3 (SeaweedFS) …');
    return await startSeaweedFs({
      ...{ home, logs, env: options.env, say, bucket, credentials, region: REGION },
      onStart: kept('seaweedfs'),
      port: ports.s3 ?? portOf(last?.s3.endpoint),
    });
  };
  const [temporal, s3] = await allStarted([startTemporalServer(), startS3()]);

  const rekognitionPort = await freePort({
    preferred: ports.rekognition ?? portOf(last?.rekognition.endpoint),
  });
  const endpointPort = await freePort({ preferred: ports.endpoint ?? portOf(last?.endpoint.url) });
  const info: StackInfo = {
    temporal: { address: temporal.address, namespace: temporal.namespace, ui: temporal.ui },
    s3: { endpoint: s3.endpoint, region: REGION, bucket, ...credentials },
    rekognition: { endpoint: `http://127.0.0.1:${rekognitionPort}` },
    endpoint: { url: `http://127.0.0.1:${endpointPort}` },
  };
  const env = { ...stackEnv(options.env, info), CURATOR_HOME: home };
  const startService = async (name: string, args: readonly string[]) => {
    say(`starting the ${name} …`);
    const command = {
      name,
      command: process.execPath,
      args: [CLI, ...args],
      env,
      log: join(logs, `${name}.log`),
      onStart: ({ pid }: Server) => record.add(name, pid),
    };
    started.commands.push({ server: await keepRunning(command, say), graceMs: GRACE_MS.command });
  };
  await allStarted([
    startService('emulator', ['emulate', 'rekognition', '--port', `${rekognitionPort}`]),
    startService('worker', ['worker']),
    startService('endpoint', ['serve', '--port', `${endpointPort}`]),
  ]);
  return { info, env };
}

/**
 * Waits for servers that start at once. If one fails, the others are awaited too, so that the caller can stop them.
 * @throws the error of the first that failed
 */
async function allStarted<T extends readonly Promise<unknown>[] | []>(
  starting: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(starting);
  return await Promise.all(starting);
}

/** Starts a Curator command and restarts it when it exits, with increasing delays. */
async function keepRunning(
  options: ServerOptions,
  say: (message: string) => void,
): Promise<Pick<Server, 'stop'>> {
  let stopping = false;
  let current: Server = await startCommand(options);
  const supervise = async () => {
    for (let pause = 100; ; pause = Math.min(MAX_RESTART_DELAY_MS, pause * 2)) {
      await current.ended;
      if (stopping) return;
      say(`the ${options.name} exited; restarting it`);
      await delay(pause);
      if (stopping) return;
      const next = await startCommand(options).catch(() => undefined);
      if (!next) continue;
      current = next;
      pause = 100;
      if (stopping) await current.stop(GRACE_MS.command);
    }
  };
  const supervision = supervise();
  return {
    stop: async (graceMs) => {
      stopping = true;
      await current.stop(graceMs);
      await supervision;
    },
  };
}

/**
 * Runs `work` against the stack of this home. If none is running, starts one and stops it afterwards, also on Ctrl-C.
 * @throws InterruptedError after Ctrl-C or SIGTERM, once the stack has stopped
 */
export async function withLocalStack<T>(
  options: StackOptions,
  work: (env: NodeJS.ProcessEnv, info: StackInfo) => Promise<T>,
): Promise<T> {
  const running = readRunningStack(options.home);
  if (running) return await work({ ...stackEnv(options.env, running), CURATOR_HOME: options.home }, running);
  // Handled from the start: a signal during startup must stop what has been started.
  return await interruptibly(options.say, async (interrupted) => {
    const stack = await startStack(options);
    try {
      const failed = untilAborted(interrupted).then(() => {
        throw new InterruptedError(INTERRUPTED);
      });
      return await Promise.race([failed, interrupted.aborted ? failed : work(stack.env, stack.info)]);
    } finally {
      await stack.stop();
    }
  });
}

function portOf(address: string | undefined): number | undefined {
  const port = Number(address?.split(':').at(-1));
  return Number.isInteger(port) && port > 0 ? port : undefined;
}
