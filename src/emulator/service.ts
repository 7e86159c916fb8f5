import type { Context, Operation, Operations } from './context.js';
import { EntryStore } from './entry-store.js';
import { Jobs } from './jobs.js';
import { ModelStore } from './model.js';
import { copyOperations } from './operations/copy.js';
import { datasetOperations } from './operations/datasets.js';
import { detectOperations } from './operations/detect.js';
import { entryOperations } from './operations/entries.js';
import { modelOperations } from './operations/models.js';
import { policyOperations } from './operations/policies.js';
import { projectOperations } from './operations/projects.js';
import { tagOperations } from './operations/tags.js';
import { versionOperations } from './operations/versions.js';
import { resumeWork } from './work.js';

/** The emulated operations and the jobs behind them. */
export class RekognitionService {
  private readonly context: Context;
  private readonly operations: Operations;

  constructor(options: Omit<Context, 'jobs' | 'entries' | 'models'>) {
    const { log, state } = options;
    const context = {
      ...options,
      jobs: new Jobs(log),
      entries: new EntryStore(state),
      models: new ModelStore(state),
    };
    this.context = context;
    this.operations = {
      ...projectOperations(context),
      ...datasetOperations(context),
      ...entryOperations(context),
      ...versionOperations(context),
      ...modelOperations(context),
      ...detectOperations(context),
      ...copyOperations(context),
      ...policyOperations(context),
      ...tagOperations(context),
    };
    resumeWork(context);
  }

  /** The region that requests must be signed for. */
  get region(): string {
    return this.context.region;
  }

  /** Number of trainings that calls have started since the state folder was created. */
  get trainingsStarted(): number {
    return this.context.state.trainingsStarted;
  }

  /** The operation of that name; undefined if it is not emulated. */
  operation(name: string): Operation | undefined {
    const operation = Object.hasOwn(this.operations, name) ? this.operations[name] : undefined;
    return operation && ((request) => this.context.chaos.around(name, () => operation(request)));
  }

  /** Aborts running trainings and imports; the next start resumes them. */
  async stop(): Promise<void> {
    await this.context.jobs.stop();
    await this.context.models.close();
  }

  /** Resolves when no job is running. Tests that set their own clock wait for it. */
  async idle(): Promise<void> {
    await this.context.jobs.idle();
  }
}
