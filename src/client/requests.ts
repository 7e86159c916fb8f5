import type { IngestResult, RunSettings, Upload } from '../contracts/workflow-io.js';
import type { DatasetSettings } from '../dataset/model/settings.js';

/** What to ingest, and with which settings. */
export interface StartRequest {
  readonly dataset: string;
  readonly upload: Upload;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  /**
   * Who asks. A `person` restarts an upload that failed, was refused, rejected or cancelled. An `event` never does,
   * because events may arrive late or twice.
   */
  readonly trigger: 'person' | 'event';
  /** Cancels a running ingest of another upload of this dataset first. */
  readonly replace?: boolean;
}

/** The run of an upload, new or existing. */
export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
  /** False if the upload already had a run. */
  readonly started: boolean;
  /** The result of the upload's earlier run; null if it has not ended or was just started. */
  readonly result: IngestResult | null;
}
