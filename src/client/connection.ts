import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];
type NextCall = Parameters<Interceptor>[1];

/** The code of gRPC for a call that was given up (https://grpc.io/docs/guides/status-codes/). Such calls are not retried. */
const CANCELLED = 1;

/**
 * Creates a connection to Temporal that connects at its first call. After `close`, calls in flight fail instead of being
 * retried: the SDK's retry of a call on a closed connection throws an error that no caller can catch.
 */
export function openConnection(options: ConnectionOptions = {}): {
  readonly connection: Connection;
  readonly close: () => Promise<void>;
} {
  let isClosed = false;
  const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
  const connection = Connection.lazy({
    ...options,
    interceptors: [
      (call, nextCall) => retry(call, (attempt) => (isClosed ? failedCall() : nextCall(attempt))),
    ],
  });
  return {
    connection,
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
