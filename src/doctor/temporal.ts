import type { Client } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.js';
import { IMAGE_TASK_QUEUE, TASK_QUEUE } from '../contracts/workflow-io.js';
import { type Check, checked } from './check.js';

/** A poll lasts a minute, so a poller that was last seen longer ago has stopped. */
const POLL_MS = 90_000;
/** Values of TaskQueueType in Temporal's API. */
const WORKFLOW_TASKS = 1;
const ACTIVITY_TASKS = 2;

/** Checks what a run needs from Temporal: the server, a worker on both task queues, and the search attributes. */
export async function checkTemporal(temporal: Client, address: string, deadlineMs: number): Promise<Check[]> {
  const { namespace } = temporal.options;
  const within = <T>(work: () => Promise<T>) => temporal.withDeadline(Date.now() + deadlineMs, work);
  const server = await checked('Temporal', 'start it, or check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE', () =>
    within(async () => {
      await temporal.workflowService.describeNamespace({ namespace });
      return `${address}, namespace ${namespace}`;
    }),
  );
  if (server.status === 'missing') return [server];
  return [
    server,
    await checked('search attributes', 'see docs/aws.md', () => within(() => searchAttributes(temporal))),
    await checked('worker', 'start one with `curator worker`', () => within(() => workers(temporal))),
  ];
}

async function searchAttributes(temporal: Client): Promise<string | Check> {
  const { namespace } = temporal.options;
  const { customAttributes } = await temporal.connection.operatorService.listSearchAttributes({ namespace });
  const missing = SEARCH_ATTRIBUTES.filter((name) => customAttributes?.[name] === undefined);
  if (missing.length === 0) return SEARCH_ATTRIBUTES.join(', ');
  return {
    check: 'search attributes',
    status: 'warning',
    detail: `not registered: ${missing.join(', ')}; runs work, but cannot be searched by dataset or stage`,
    remedy: missing
      .map((name) => `temporal operator search-attribute create --name ${name} --type Keyword`)
      .join('; '),
  };
}

async function workers(temporal: Client): Promise<string> {
  const queues = [
    [TASK_QUEUE, WORKFLOW_TASKS],
    [TASK_QUEUE, ACTIVITY_TASKS],
    [IMAGE_TASK_QUEUE, ACTIVITY_TASKS],
  ] as const;
  for (const [name, taskQueueType] of queues) {
    const { pollers = [] } = await temporal.workflowService.describeTaskQueue({
      namespace: temporal.options.namespace,
      taskQueue: { name },
      taskQueueType,
    });
    const seen = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
    if (!seen.some((time) => Date.now() - time < POLL_MS)) {
      throw new Error(`No worker polls the task queue ${name}, so runs would wait.`);
    }
  }
  return `polls ${TASK_QUEUE} and ${IMAGE_TASK_QUEUE}`;
}
