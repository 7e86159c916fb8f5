import { connect, createServer } from 'node:net';

/** Whether the port is free on 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Whether a server accepts connections on a port of 127.0.0.1. */
export async function acceptsConnections(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const FIRST = 11_000;
const PORTS = 9_000;
const BLOCK = 100;
/** Each process starts in its own block, so that two processes rarely choose the same port before their servers listen. */
const OWN_BLOCK = FIRST + (process.pid % (PORTS / BLOCK)) * BLOCK;

const randomPort = (first: number, count: number) => first + Math.floor(Math.random() * count);

/**
 * Finds a free port on 127.0.0.1. Ports are below the operating system's ephemeral range, so that an outgoing
 * connection cannot occupy one before its server listens.
 * @param options `preferred` is returned if it is free; with `twin`, the port that many above must be free too
 * @throws Error if no free port is found
 */
export async function freePort(
  options: { preferred?: number | undefined; twin?: number } = {},
): Promise<number> {
  const { preferred, twin = 0 } = options;
  const fits = async (port: number) => (await isFree(port)) && (twin === 0 || (await isFree(port + twin)));
  if (preferred !== undefined) {
    returned.add(preferred);
    if (await fits(preferred)) return preferred;
  }
  for (let attempt = 0; attempt < 2 * BLOCK; attempt++) {
    const port = attempt < BLOCK ? randomPort(OWN_BLOCK, BLOCK) : randomPort(FIRST, PORTS);
    if (returned.has(port)) continue;
    // Before the test, so that a concurrent call cannot choose it.
    returned.add(port);
    if (await fits(port)) return port;
  }
  throw new Error('No free port was found on 127.0.0.1.');
}

/** Ports that this process has returned or found occupied; their servers may not listen yet. */
const returned = new Set<number>();
