import type { Client } from '@temporalio/client';
import { DATASET_ATTRIBUTE, SEARCH_ATTRIBUTES } from '../contracts/search-attributes.js';
import { type IngestInput, ingestWorkflowId, TASK_QUEUE } from '../contracts/workflow-io.js';
import { baseName } from '../lib/base-name.js';
import type { StartRequest } from './requests.js';

/** Temporal accepts summaries of a maximum of 200 bytes; a character may take 4. */
const MAX_NAME_IN_SUMMARY = 45;

/** Starts ingest runs. */
export class RunStarter {
  private searchAttributes = false;

  constructor(private readonly temporal: Client) {}

  /** Starts a run of the dataset. @throws WorkflowExecutionAlreadyStartedError if the dataset has a running one */
  async start(request: StartRequest): Promise<{ workflowId: string; runId: string }> {
    const { dataset, upload, settings, run } = request;
    const searchAttributes = await this.hasSearchAttributes();
    const input: IngestInput = { dataset, upload, settings, run, searchAttributes };
    const file = baseName(upload.key);
    const handle = await this.temporal.workflow.start('ingestDataset', {
      taskQueue: TASK_QUEUE,
      workflowId: ingestWorkflowId(dataset),
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [input],
      memo: { upload },
      staticSummary: `${file.slice(0, MAX_NAME_IN_SUMMARY)} (${(upload.bytes / 1e6).toFixed(1)} MB)`,
      ...(searchAttributes ? { typedSearchAttributes: [{ key: DATASET_ATTRIBUTE, value: dataset }] } : {}),
    });
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  }

  /** Checks that the server has the search attributes: upserting an unknown one would block the run. */
  private async hasSearchAttributes(): Promise<boolean> {
    this.searchAttributes ||= await this.temporal.connection.operatorService
      .listSearchAttributes({ namespace: this.temporal.options.namespace })
      .then(({ customAttributes }) =>
        SEARCH_ATTRIBUTES.every((name) => customAttributes?.[name] !== undefined),
      )
      .catch(() => false);
    return this.searchAttributes;
  }
}
