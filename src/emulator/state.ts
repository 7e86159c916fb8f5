import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFileSync } from '../lib/replace-file.js';

/** Times are milliseconds since 1970, by the emulator's clock. */
const time = z.number();
const s3Object = z.object({ Bucket: z.string(), Name: z.string() });
export type S3Object = z.infer<typeof s3Object>;

const version = z.object({
  arn: z.string(),
  name: z.string(),
  created: time,
  /** How long the training is to last at least, as it was set when it began. */
  trainingMs: z.number(),
  output: z.object({ S3Bucket: z.string(), S3KeyPrefix: z.string() }),
  /** Manifests; null where the project's datasets are meant, or a test set is to be split off. */
  train: s3Object.nullable(),
  test: s3Object.nullable(),
  /** Where the testing lines come from. */
  testing: z.enum(['manifest', 'auto-split', 'datasets']).default('manifest'),
  description: z.string().nullable().default(null),
  kmsKeyId: z.string().nullable().default(null),
  /** Set once the work is done; shown to clients once `trainingMs` have passed. */
  end: z
    .object({
      at: time,
      status: z.enum(['TRAINING_COMPLETED', 'TRAINING_FAILED']),
      message: z.string(),
      f1: z.number().nullable(),
      /** Whether validation got as far as writing its files. */
      validated: z.boolean(),
    })
    .nullable(),
  /** The last start or stop of the model. */
  model: z
    .object({
      action: z.enum(['start', 'stop']),
      at: time,
      minUnits: z.number(),
      maxUnits: z.number().nullable(),
      /** Why the start fails; null where it doesn't. */
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
  /** The manifest that is still to be read. */
  pending: s3Object.nullable(),
  /** Why the last phase failed; null where it didn't. */
  failure: z.string().nullable(),
  failedByService: z.boolean(),
  deleted: time.nullable(),
});
export type Dataset = z.infer<typeof dataset>;

const project = z.object({
  name: z.string(),
  arn: z.string(),
  created: time,
  versions: z.array(version),
  datasets: z.array(dataset).default([]),
  deleted: time.nullable().default(null),
});
export type Project = z.infer<typeof project>;

const stateSchema = z.object({
  projects: z.array(project),
  /** Trainings that calls have begun: what a bill would count. */
  trainingsStarted: z.number(),
  /** Where a clock that runs at another speed began. */
  clock: z.object({ real: z.number(), emulated: time, speed: z.number() }).nullable().default(null),
});
type Data = z.infer<typeof stateSchema>;

/** Kinds of files beside the state, one a resource. */
export type FileKind = 'entries' | 'train' | 'test' | 'model';

/**
 * Projects, versions and datasets, on disk after every change, so that a restart goes on where a SIGKILL struck.
 * What is large (entries of datasets, models) lies in files of its own.
 */
export class State {
  private readonly data: Data;
  private readonly file: string;

  constructor(private readonly folder: string) {
    mkdirSync(join(folder, 'files'), { recursive: true });
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

  save(): void {
    replaceFileSync(this.file, JSON.stringify(this.data, null, 2));
  }

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

  removeFiles(arn: string): void {
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

function load(file: string): Data {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { projects: [], trainingsStarted: 0, clock: null };
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file} is not a state of this emulator. Move it away to start with an empty one.`);
  }
}
