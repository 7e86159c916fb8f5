import type { IngestResult, RunSettings, Upload } from '../contracts/workflow-io.js';
import type { DatasetSettings } from '../dataset/model/settings.js';

export interface StartRequest {
  readonly dataset: string;
  readonly upload: Upload;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  /** Only a person starts again what failed, was refused or cancelled; events may come late and twice. */
  readonly trigger: 'person' | 'event';
  /** Cancel a run of another upload first. */
  readonly replace?: boolean;
}

export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
  /** False where the upload has a run already. */
  readonly started: boolean;
  /** What an earlier run of the same upload came to. */
  readonly result: IngestResult | null;
}
