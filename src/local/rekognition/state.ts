import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const s3Object = z.object({ Bucket: z.string(), Name: z.string() });

const version = z.object({
  arn: z.string(),
  name: z.string(),
  /** Milliseconds since 1970. */
  created: z.number(),
  /** How long the training is to last at least, as it was set when it began. */
  trainingMs: z.number(),
  output: z.object({ S3Bucket: z.string(), S3KeyPrefix: z.string() }),
  train: s3Object,
  test: s3Object,
  /** Set once the work is done; shown to clients once `trainingMs` have passed. */
  end: z
    .object({
      at: z.number(),
      status: z.enum(['TRAINING_COMPLETED', 'TRAINING_FAILED']),
      message: z.string(),
      f1: z.number().nullable(),
      /** Whether validation got as far as writing its files. */
      validated: z.boolean(),
    })
    .nullable(),
});
export type Version = z.infer<typeof version>;

const project = z.object({
  name: z.string(),
  arn: z.string(),
  created: z.number(),
  versions: z.array(version),
});
export type Project = z.infer<typeof project>;

const stateSchema = z.object({
  projects: z.array(project),
  /** Trainings that calls have begun: what a bill would count. */
  trainingsStarted: z.number(),
});

/** Projects and versions, on disk after every change, so that a restart goes on where a SIGKILL struck. */
export class State {
  private readonly data: z.infer<typeof stateSchema>;
  private readonly file: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, 'state.json');
    this.data = load(this.file);
  }

  get projects(): Project[] {
    return this.data.projects;
  }

  get trainingsStarted(): number {
    return this.data.trainingsStarted;
  }

  countTraining(): void {
    this.data.trainingsStarted += 1;
  }

  removeProject(arn: string): void {
    this.data.projects = this.data.projects.filter((one) => one.arn !== arn);
  }

  /** A whole file under another name first: a crash leaves the old one or the new one. */
  save(): void {
    const draft = `${this.file}.${process.pid}.tmp`;
    writeFileSync(draft, JSON.stringify(this.data, null, 2), { mode: 0o600 });
    renameSync(draft, this.file);
  }
}

function load(file: string): z.infer<typeof stateSchema> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return { projects: [], trainingsStarted: 0 };
    }
    throw error;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file} is not a state of this emulator. Move it away to start with an empty one.`);
  }
}
