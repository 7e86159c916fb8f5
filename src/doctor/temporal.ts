import { type Client, isGrpcServiceError } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.js';
import { IMAGE_TASK_QUEUE, TASK_QUEUE } from '../contracts/workflow-io.js';
import { errorMessage } from '../lib/error-message.js';
import { type Check, checked } from './check.js';

/** A poll lasts a minute, and the next one follows at once: a worker that polled longer ago has stopped. */
const MAX_POLL_AGE_SECS = 70;
/** Values of TaskQueueType in Temporal's API. */
const WORKFLOW_TASKS = 1;
const ACTIVITY_TASKS = 2;
/** Codes of gRPC (https://grpc.io/docs/guides/status-codes/). */
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;

/** Checks what a run needs from Temporal: the server, a worker on both task queues, and the search attributes. */
export async function checkTemporal(temporal: Client, address: string, deadlineMs: number): Promise<Check[]> {
  const { namespace } = temporal.options;
  const within = <T>(work: () => Promise<T>) => temporal.withDeadline(Date.now() + deadlineMs, work);
  const server = await checked('Temporal', '', async () => {
    try {
      await within(() => temporal.workflowService.describeNamespace({ namespace }));
      return `${address}, namespace ${namespace}`;
    } catch (error) {
      return { check: 'Temporal', status: 'missing', ...unreachable(error, address, namespace) };
    }
  });
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
      .map(
        (name) =>
          `temporal operator search-attribute create --name ${name} --type Keyword --namespace ${namespace}`,
      )
      .join('; '),
  };
}

function unreachable(error: unknown, address: string, namespace: string): Pick<Check, 'detail' | 'remedy'> {
  const { code, details } = isGrpcServiceError(error)
    ? error
    : { code: undefined, details: errorMessage(error) };
  switch (code) {
    case NOT_FOUND:
      return {
        detail: `${address} has no namespace ${namespace}.`,
        remedy: 'create the namespace, or check TEMPORAL_NAMESPACE',
      };
    case PERMISSION_DENIED:
    case UNAUTHENTICATED:
      return {
        detail: `${address} refuses access to the namespace ${namespace}: ${details}`,
        remedy: 'check TEMPORAL_NAMESPACE, and TEMPORAL_API_KEY or the TLS certificate',
      };
    default:
      return {
        detail: `${address} does not respond: ${details}`,
        remedy: 'start Temporal, or check TEMPORAL_ADDRESS',
      };
  }
}

interface Poller {
  readonly identity: string;
  /** Seconds since its last poll. */
  readonly age: number;
}

async function workers(temporal: Client): Promise<string> {
  const queues = [
    [TASK_QUEUE, WORKFLOW_TASKS],
    [TASK_QUEUE, ACTIVITY_TASKS],
    [IMAGE_TASK_QUEUE, ACTIVITY_TASKS],
  ] as const;
  let oldest: Poller | undefined;
  for (const [name, type] of queues) {
    const latest = await latestPoller(temporal, name, type);
    if (!latest) throw new Error(`No worker polls the task queue ${name}, so runs would wait.`);
    if (latest.age > MAX_POLL_AGE_SECS) {
      throw new Error(
        `No worker polls the task queue ${name}, so runs would wait. The last poll was ${latest.age} s ago, by ${latest.identity}.`,
      );
    }
    if (!oldest || latest.age > oldest.age) oldest = latest;
  }
  // Temporal does not notice the death of a worker before its poll would have ended.
  return `${TASK_QUEUE} and ${IMAGE_TASK_QUEUE} are polled, last ${oldest?.age} s ago by ${oldest?.identity}; a stopped worker is noticed after ${MAX_POLL_AGE_SECS} s`;
}

async function latestPoller(
  temporal: Client,
  name: string,
  taskQueueType: number,
): Promise<Poller | undefined> {
  const { pollers } = await temporal.workflowService.describeTaskQueue({
    namespace: temporal.options.namespace,
    taskQueue: { name },
    taskQueueType,
  });
  return (pollers ?? [])
    .map(({ identity, lastAccessTime }) => ({
      identity: identity ?? 'an unknown worker',
      age: Math.max(0, Math.round(Date.now() / 1000 - Number(lastAccessTime?.seconds ?? 0))),
    }))
    .sort((a, b) => a.age - b.age)[0];
}
