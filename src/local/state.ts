import { randomBytes } from 'node:crypto';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readRegularFile } from '../lib/read-regular-file.js';
import { replaceFileSync } from '../lib/replace-file.js';
import { preparePrivateHome } from './private-home.js';
import { signal, startTimeOf } from './processes.js';

/** Maximum bytes of `stack.json` and `credentials.json`: a hundred times their usual size. */
const MAX_BYTES = 256 * 1024;

/** Addresses and credentials of the local stack, as `curator up --json` prints them. */
const infoSchema = z.object({
  temporal: z.object({ address: z.string(), namespace: z.string(), ui: z.string() }),
  s3: z.object({
    endpoint: z.string(),
    region: z.string(),
    bucket: z.string(),
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
  }),
  rekognition: z.object({ endpoint: z.string() }),
  endpoint: z.object({ url: z.string() }),
});
export type StackInfo = z.infer<typeof infoSchema>;

const recordSchema = z.object({
  /** The process that runs the stack. The start time distinguishes it from a later process with the same id. */
  owner: z.object({ pid: z.number(), started: z.string() }),
  processes: z.array(z.object({ name: z.string(), pid: z.number(), started: z.string() })),
  /** Null until all servers are ready. */
  info: infoSchema.nullable(),
});
type Record = z.infer<typeof recordSchema>;

const credentialsSchema = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** The record of a home's stack (`stack.json`). It is written when a process starts, so it is correct after a SIGKILL. */
export class StackRecord {
  private readonly file: string;
  private record: Record;

  constructor(home: string) {
    this.file = join(home, 'stack.json');
    const owner = { pid: process.pid, started: startTimeOf(process.pid) ?? '' };
    this.record = { owner, processes: [], info: null };
  }

  /** Records a started process; replaces an earlier one of the same name. */
  add(name: string, pid: number): void {
    const others = this.record.processes.filter((one) => one.name !== name);
    this.record = { ...this.record, processes: [...others, { name, pid, started: startTimeOf(pid) ?? '' }] };
    this.save();
  }

  /** Records that all servers are ready. */
  ready(info: StackInfo): void {
    this.record = { ...this.record, info };
    this.save();
  }

  /** Records that the stack has stopped. The ports are kept, so that links stay valid after a restart. */
  stopped(): void {
    this.record = { ...this.record, owner: { pid: 0, started: '' }, processes: [] };
    this.save();
  }

  private save(): void {
    replaceFileSync(this.file, `${JSON.stringify(this.record, null, 2)}\n`);
  }
}

/** The running stack of this home; undefined if there is none or it is not ready. */
export function readRunningStack(home: string): StackInfo | undefined {
  const record = readRecord(home);
  return record?.info && isAlive(record.owner) ? record.info : undefined;
}

/** Addresses of the most recent stack of this home, running or not. */
export function lastInfo(home: string): StackInfo | undefined {
  return readRecord(home)?.info ?? undefined;
}

/**
 * Kills the processes that a killed stack left behind: only recorded ones whose start time matches.
 * @throws Error if the stack of this home is running
 */
export async function endLeftovers(home: string, say: (message: string) => void): Promise<void> {
  preparePrivateHome(home);
  const record = readRecord(home);
  if (!record) return;
  if (isAlive(record.owner)) {
    throw new Error(
      `A stack is running in ${home} (process ${record.owner.pid}). Stop it, or set CURATOR_HOME to another folder.`,
    );
  }
  const leftovers = record.processes.filter(isAlive);
  if (leftovers.length === 0) return;
  say(`stopping processes of a killed stack: ${leftovers.map(({ name }) => name).join(', ')}`);
  for (const { pid } of leftovers) signal(pid, 'SIGKILL');
  while (leftovers.some(isAlive)) await delay(20);
}

/** The S3 credentials of this home. They are generated once and only the current user can read them. */
export function credentialsOf(home: string): z.infer<typeof credentialsSchema> {
  const file = join(home, 'credentials.json');
  const known = readJson(file, credentialsSchema);
  if (known) return known;
  const created = {
    accessKeyId: `CURATOR${randomBytes(6).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(24).toString('base64url'),
  };
  replaceFileSync(file, JSON.stringify(created));
  return created;
}

function isAlive({ pid, started }: { pid: number; started: string }): boolean {
  return pid > 0 && started !== '' && startTimeOf(pid) === started;
}

function readRecord(home: string): Record | undefined {
  return readJson(join(home, 'stack.json'), recordSchema);
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readRegularFile(file, MAX_BYTES).toString('utf8')));
  } catch {
    return undefined;
  }
}

/**
 * The environment of commands that use a stack: that of a person, in which the AWS SDK and Temporal's SDK are pointed to the
 * stack. Nothing that names the person's own Temporal stays, such as a key, TLS or the version of a worker.
 */
export function stackEnv(env: NodeJS.ProcessEnv, stack: StackInfo): NodeJS.ProcessEnv {
  const { temporal, s3, rekognition, endpoint } = stack;
  const others = Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(others),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    // Temporal's SDK would read the person's own file.
    TEMPORAL_CONFIG_FILE: devNull,
    CURATOR_TEMPORAL_UI: temporal.ui,
    CURATOR_PAGE: endpoint.url,
    AWS_REGION: s3.region,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_REKOGNITION: rekognition.endpoint,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    // Those of the person's own account would take precedence, or be sent with these credentials.
    AWS_PROFILE: '',
    AWS_SESSION_TOKEN: '',
    BUCKET: s3.bucket,
  };
}
