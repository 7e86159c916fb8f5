import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorMessage } from '../lib/error-message.js';
import { makeFolder } from '../lib/make-folder.js';
import { readRegularFile } from '../lib/read-regular-file.js';
import { replaceFileSync } from '../lib/replace-file.js';

/** A time in milliseconds since 1970, measured by the emulator's clock. */
const time = z.number();
const s3Object = z.object({ Bucket: z.string(), Name: z.string(), Version: z.string().optional() });
export type S3Object = z.infer<typeof s3Object>;

const version = z.object({
  arn: z.string(),
  name: z.string(),
  created: time,
  /** Minimum duration of the training in milliseconds, as configured when it started. */
  trainingMs: z.number(),
  output: z.object({ S3Bucket: z.string(), S3KeyPrefix: z.string() }),
  /** Input manifests; null if the project's datasets are used, or if the testing set is split from the training set. */
  train: s3Object.nullable(),
  test: s3Object.nullable(),
  /** Source of the testing set. */
  testing: z.enum(['manifest', 'auto-split', 'datasets']).default('manifest'),
  description: z.string().nullable().default(null),
  kmsKeyId: z.string().nullable().default(null),
  /** ARN of the model version that this one is a copy of; null if it was trained. */
  source: z.string().nullable().default(null),
  /** Result of the training job. Clients see it after `trainingMs`. */
  end: z
    .object({
      at: time,
      status: z.enum(['TRAINING_COMPLETED', 'TRAINING_FAILED']),
      message: z.string(),
      f1: z.number().nullable(),
      /** Whether the manifest summary and validation manifests were written. */
      validated: z.boolean(),
    })
    .nullable(),
  /** The most recent start or stop of the model. */
  model: z
    .object({
      action: z.enum(['start', 'stop']),
      at: time,
      minUnits: z.number(),
      maxUnits: z.number().nullable(),
      /** Reason why the start fails; null if it succeeds. */
      failure: z.string().nullable(),
    })
    .nullable()
    .default(null),
  deleted: time.nullable().default(null),
});
export type Version = z.infer<typeof version>;

const dataset = z.object({
  arn: z.string(),
  type: z.enum(['TRAIN', 'TEST']),
  created: time,
  updated: time,
  phase: z.enum(['CREATE', 'UPDATE']),
  /** The manifest of an import in progress. */
  pending: s3Object.nullable(),
  /** Reason why the last phase failed; null if it succeeded. */
  failure: z.string().nullable(),
  failedByService: z.boolean(),
  deleted: time.nullable(),
});
export type Dataset = z.infer<typeof dataset>;

/** A policy that is attached to a project. */
const policy = z.object({
  name: z.string(),
  document: z.string(),
  revision: z.string(),
  created: time,
  updated: time,
});
export type Policy = z.infer<typeof policy>;

const project = z.object({
  name: z.string(),
  arn: z.string(),
  created: time,
  versions: z.array(version),
  datasets: z.array(dataset).default([]),
  policies: z.array(policy).default([]),
  deleted: time.nullable().default(null),
});
export type Project = z.infer<typeof project>;

const stateSchema = z.object({
  projects: z.array(project),
  /** Tags by the ARN of their resource. */
  tags: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** Number of trainings started; on AWS each would be billed. */
  trainingsStarted: z.number(),
  /** Start values of a clock whose speed is not 1. */
  clock: z.object({ real: z.number(), emulated: time, speed: z.number() }).nullable().default(null),
});
type Data = z.infer<typeof stateSchema>;

/** Kinds of files beside the state file; a resource has at most one of each kind. */
export type FileKind = 'entries' | 'train' | 'test' | 'model';

/**
 * Projects, versions and datasets. Every change is written to disk at once, so the emulator continues after a SIGKILL.
 * Large content (entries of datasets, models) is in separate files.
 */
export class State {
  private readonly data: Data;
  private readonly file: string;

  constructor(private readonly folder: string) {
    makeFolder(join(folder, 'files'), '--state');
    this.file = join(folder, 'state.json');
    this.data = load(this.file);
  }

  get projects(): Project[] {
    return this.data.projects;
  }

  get trainingsStarted(): number {
    return this.data.trainingsStarted;
  }

  get clock(): Data['clock'] {
    return this.data.clock;
  }

  setClock(clock: Data['clock']): void {
    this.data.clock = clock;
    this.save();
  }

  countTraining(): void {
    this.data.trainingsStarted += 1;
  }

  tagsOf(arn: string): Readonly<Record<string, string>> {
    return this.data.tags[arn] ?? {};
  }

  setTags(arn: string, tags: Readonly<Record<string, string>>): void {
    this.data.tags[arn] = { ...tags };
  }

  save(): void {
    replaceFileSync(this.file, JSON.stringify(this.data, null, 2));
  }

  /** Content of a file of the resource; undefined if there is none. */
  readFile(arn: string, kind: FileKind): Buffer | undefined {
    try {
      return readFileSync(this.path(arn, kind));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  writeFile(arn: string, kind: FileKind, content: string | Buffer): void {
    replaceFileSync(this.path(arn, kind), content);
  }

  /** Removes the tags and files of a deleted resource. */
  forget(arn: string): void {
    delete this.data.tags[arn];
    for (const kind of ['entries', 'train', 'test', 'model'] as const) {
      rmSync(this.path(arn, kind), { force: true });
    }
  }

  private path(arn: string, kind: FileKind): string {
    return join(
      this.folder,
      'files',
      `${createHash('sha256').update(arn).digest('hex').slice(0, 32)}.${kind}`,
    );
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Many times the size of any state: content is in other files. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

function load(file: string): Data {
  let text: string;
  try {
    text = readRegularFile(file, MAX_STATE_BYTES).toString('utf8');
  } catch (error) {
    if (isMissing(error)) return { projects: [], tags: {}, trainingsStarted: 0, clock: null };
    throw new Error(`${file} cannot be read: ${errorMessage(error)}`);
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} is not a valid state file of the emulator. Move it away to start with an empty state.`,
    );
  }
}
