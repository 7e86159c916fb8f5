import { join } from 'node:path';
import { type ResolveOptions, resolveBinary } from './binaries.js';
import { acceptsConnections, freePort } from './ports.js';
import { type Server, type ServerOptions, startServer, untilReady } from './processes.js';

/** The namespace that the dev server has. */
const NAMESPACE = 'default';
/**
 * The only host that Temporal's HTTP API answers; its name never resolves (RFC 2606). The API needs no credentials and
 * takes simple requests from any web page, the dev server cannot switch it off, and nothing here uses it.
 */
const HTTP_API_HOST = 'nobody.invalid';

export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly ui: string;
  readonly server: Server;
}

/**
 * Starts Temporal's dev server with its UI on free ports. It stores workflows in `<home>/temporal.db`. Its HTTP API is
 * closed; clients use gRPC.
 */
export async function startTemporal(
  options: ResolveOptions & {
    readonly home: string;
    readonly logs: string;
    readonly port?: number | undefined;
    readonly onStart?: ServerOptions['onStart'];
    readonly uiPort?: number | undefined;
  },
): Promise<TemporalServer> {
  const { path } = await resolveBinary('temporal', options);
  const port = await freePort({ preferred: options.port });
  const uiPort = await freePort({ preferred: options.uiPort });
  const address = `127.0.0.1:${port}`;
  const log = join(options.logs, 'temporal.log');
  const server = startServer({
    name: 'temporal',
    command: path,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port}`, '--ui-port', `${uiPort}`],
      ...['--db-filename', join(options.home, 'temporal.db'), '--log-level', 'warn'],
      ...['--search-attribute', 'CuratorDataset=Keyword', '--search-attribute', 'CuratorStage=Keyword'],
      ...['--dynamic-config-value', `frontend.httpAllowedHosts=${JSON.stringify([HTTP_API_HOST])}`],
    ],
    env: options.env ?? process.env,
    log,
    onStart: options.onStart,
  });
  await untilReady(
    { name: 'temporal', log, server },
    async () =>
      (await acceptsConnections(port)) &&
      (await acceptsConnections(uiPort)) &&
      (await servesNamespace(address, NAMESPACE)),
  );
  return { address, namespace: NAMESPACE, ui: `http://127.0.0.1:${uiPort}`, server };
}

/**
 * Whether Temporal answers for a namespace. Its port accepts connections earlier: until then, calls fail with
 * "Frontend is not healthy yet" or do not find the namespace.
 */
async function servesNamespace(address: string, namespace: string): Promise<boolean> {
  // Imported here: the client loads while the server starts.
  const { Connection } = await import('@temporalio/client');
  try {
    const connection = await Connection.connect({ address });
    try {
      await connection.workflowService.describeNamespace({ namespace });
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
