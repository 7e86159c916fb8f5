import { createServer } from 'node:net';

/** Whether nothing listens on the loopback port. */
export async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const FIRST = 11_000;
const PORTS = 9_000;
const BLOCK = 100;
/** A port is free until its server listens: processes that choose at the same time begin in different places. */
const OWN_BLOCK = FIRST + (process.pid % (PORTS / BLOCK)) * BLOCK;

const among = (first: number, count: number) => first + Math.floor(Math.random() * count);

/**
 * A free loopback port whose twin `offset` above is free too; `preferred` if it is. Taken from below the range
 * that systems hand out to clients, so that a connection doesn't take it before its server does.
 */
export async function freePort(
  options: { preferred?: number | undefined; twin?: number } = {},
): Promise<number> {
  const { preferred, twin = 0 } = options;
  const fits = async (port: number) => (await isFree(port)) && (twin === 0 || (await isFree(port + twin)));
  if (preferred !== undefined && (await fits(preferred))) return preferred;
  for (let attempt = 0; attempt < 2 * BLOCK; attempt++) {
    const port = attempt < BLOCK ? among(OWN_BLOCK, BLOCK) : among(FIRST, PORTS);
    if (!taken.has(port) && (await fits(port))) {
      taken.add(port);
      return port;
    }
  }
  throw new Error('No free port was found on 127.0.0.1.');
}

/** Ports given out by this process, whose servers may not listen yet. */
const taken = new Set<number>();
