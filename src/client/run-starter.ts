import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import {
  type IngestInput,
  ingestWorkflowId,
  SEARCH_ATTRIBUTES,
  TASK_QUEUE,
} from '../contracts/workflow-io.js';
import type { StartRequest } from './requests.js';

const DATASET_ATTRIBUTE = defineSearchAttributeKey('CuratorDataset', SearchAttributeType.KEYWORD);
/** The server takes summaries of 200 bytes. */
const SUMMARY_NAME_CHARACTERS = 45;

/** Starts runs. */
export class RunStarter {
  private searchAttributes = false;

  constructor(private readonly temporal: Client) {}

  /** @throws WorkflowExecutionAlreadyStartedError where the dataset has a run that is under way */
  async start(request: StartRequest): Promise<{ workflowId: string; runId: string }> {
    const { dataset, upload, settings, run } = request;
    const searchAttributes = await this.hasSearchAttributes();
    const input: IngestInput = { dataset, upload, settings, run, searchAttributes };
    const file = upload.key.slice(upload.key.lastIndexOf('/') + 1);
    const handle = await this.temporal.workflow.start('ingestDataset', {
      taskQueue: TASK_QUEUE,
      workflowId: ingestWorkflowId(dataset),
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [input],
      memo: { upload },
      staticSummary: `${file.slice(0, SUMMARY_NAME_CHARACTERS)} (${upload.bytes} bytes)`,
      ...(searchAttributes ? { typedSearchAttributes: [{ key: DATASET_ATTRIBUTE, value: dataset }] } : {}),
    });
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  }

  /** Upserting an attribute that the server doesn't know would freeze the run for ever. */
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
