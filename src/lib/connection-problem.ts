/** Why a server could not be reached. Both texts complete a sentence. */
export interface ConnectionProblem {
  /** Such as `127.0.0.1:8333 refuses connections (ECONNREFUSED)`. */
  readonly problem: string;
  /** Such as `start the server, or check AWS_ENDPOINT_URL_S3`. */
  readonly advice: string;
}

const AWS_HOST = /\.amazonaws\.com(?:\.cn)?$/;

/**
 * Describes a failed connection with the address that Node names in the error; undefined for other errors.
 * @param setting the variable that names the server, if it is not AWS
 */
export function connectionProblem(error: unknown, setting: string): ConnectionProblem | undefined {
  const found = networkError(error);
  if (!found) return undefined;
  const { code = '', hostname, address, port } = found;
  if (hostname !== undefined) {
    const problem = `the host ${hostname} is unknown (${code})`;
    return AWS_HOST.test(hostname)
      ? { problem, advice: 'check AWS_REGION, whether the service is available there, and the network' }
      : { problem, advice: `check ${setting} and the network` };
  }
  if (address === undefined || port === undefined) return undefined;
  const state = code === 'ECONNREFUSED' ? 'refuses connections' : 'does not respond';
  return {
    problem: `${address}:${port} ${state} (${code})`,
    advice: `start the server, or check ${setting}`,
  };
}

interface NetworkError {
  readonly code?: string;
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
}

/** The error of the system call. Node joins those of several addresses of one host, without a message of their own. */
function networkError(error: unknown): NetworkError | undefined {
  if (error instanceof AggregateError) return networkError(error.errors[0]);
  return error instanceof Error && 'syscall' in error ? (error as NetworkError) : undefined;
}
