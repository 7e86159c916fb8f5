import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type NextCall = Parameters<Interceptor>[1];

/** The code of gRPC for a call that was given up (https://grpc.io/docs/guides/status-codes/). Such calls are not retried. */
const CANCELLED = 1;

/** A server that is running answers or refuses within this time. */
const ANSWER_MS = 1_000;

/** How gRPC names a refused TCP connection in the details of a failed call. */
const isRefusal = ({ details }: { readonly details: string }) => details.includes('ECONNREFUSED');

export interface OpenConnection {
  readonly connection: Connection;
  /**
   * Connects now. Fails at once if the server refuses connections, and otherwise after the deadline of the SDK.
   *
   * @throws Error that says why the server was not reached
   */
  readonly reach: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Creates a connection to Temporal that connects at its first call. After `close`, calls in flight fail instead of being
 * retried: the SDK's retry of a call on a closed connection throws an error that no caller can catch.
 */
export function openConnection(options: ConnectionOptions = {}): OpenConnection {
  let isClosed = false;
  let isReaching = false;
  const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
  const retry = makeGrpcRetryInterceptor({
    delayFunction,
    retryableDecider: (attempt, status) =>
      !(isReaching && isRefusal(status)) && retryableDecider(attempt, status),
  });
  const connection = Connection.lazy({
    ...options,
    interceptors: [
      (call, nextCall) => retry(call, (attempt) => (isClosed ? failedCall() : nextCall(attempt))),
    ],
  });
  return {
    connection,
    reach: async () => {
      isReaching = true;
      const { workflowService } = connection;
      const call = connection.withDeadline(Date.now() + ANSWER_MS, () => workflowService.getSystemInfo({}));
      await call
        .catch((error: unknown) => {
          if (isGrpcServiceError(error) && isRefusal(error)) throw error;
        })
        .finally(() => {
          isReaching = false;
        });
      await connection.ensureConnected();
    },
    close: async () => {
      isClosed = true;
      await connection.close();
    },
  };
}

/** A call that sends nothing and fails. */
function failedCall(): ReturnType<NextCall> {
  const nothing = () => {};
  return {
    start: (metadata, listener) =>
      // A call reports its result after `start` has returned, a null message first if it has none.
      queueMicrotask(() => {
        listener?.onReceiveMessage?.(null);
        listener?.onReceiveStatus?.({
          code: CANCELLED,
          details: 'The connection to Temporal was closed.',
          metadata,
        });
      }),
    cancelWithStatus: nothing,
    getPeer: () => '',
    sendMessageWithContext: nothing,
    sendMessage: nothing,
    startRead: nothing,
    halfClose: nothing,
    getAuthContext: () => null,
  };
}
