import type { IngestResult, Progress, RunSettings } from '../contracts/workflow-io.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { Input } from '../input/input.js';
import type { Advice } from './advice.js';
import type { Followed } from './follow.js';
import type { ProgressDisplay } from './output/progress.js';

export interface IngestOptions {
  readonly dataset?: string;
  readonly local?: boolean;
  readonly endpoint?: string;
  readonly wait: boolean;
  readonly replace?: boolean;
  readonly retryTraining?: boolean;
  readonly uploadAnyway?: boolean;
  readonly json?: boolean;
}

/** One archive to ingest, with its dataset, settings and options. */
export interface IngestJob {
  /** Path of a file or folder, an s3:// address or an https URL. */
  readonly named: string;
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  readonly options: IngestOptions;
}

/** How a run is started and watched: through S3 and Temporal, or through the HTTP endpoint. */
export interface IngestRoute {
  begin(job: IngestJob, input: Input, display: ProgressDisplay): Promise<Followed>;
  /** @param onUnavailable called once when the server stops responding */
  steps(dataset: string, onUnavailable: (message: string) => void): AsyncIterable<Progress>;
  /** What to do next about the model of a run that has ended. */
  advice(result: IngestResult): Promise<Advice>;
}
