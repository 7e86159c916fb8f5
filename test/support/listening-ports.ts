import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** A TCP port that a process listens on. */
export interface ListeningPort {
  /** The address in hexadecimal, as in `/proc/net/tcp`. */
  readonly address: string;
  readonly port: number;
  /** The start of the process's command line. */
  readonly process: string;
}

/** 127.0.0.1 in `/proc/net/tcp`. */
export const LOOPBACK = '0100007F';
/** The state of a listening socket. */
const LISTEN = '0A';

/** The ports that a process and its descendants listen on. Reads `/proc`, so it works on Linux only. */
export function listeningPorts(root: number): ListeningPort[] {
  const sockets = listeningSockets();
  return processTree(root).flatMap((pid) =>
    socketsOf(pid).flatMap((inode) => {
      const socket = sockets.get(inode);
      return socket ? [{ ...socket, process: commandOf(pid) }] : [];
    }),
  );
}

function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    const stat = readOrEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    // Field 2 may contain spaces and ends with the last parenthesis; field 4 is the parent.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const withDescendants = (pid: number): number[] => [
    pid,
    ...(children.get(pid) ?? []).flatMap(withDescendants),
  ];
  return withDescendants(root);
}

/** The listening sockets of this machine, by inode. */
function listeningSockets(): Map<string, Pick<ListeningPort, 'address' | 'port'>> {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readOrEmpty(() => readFileSync(file, 'utf8'))
      .split('\n')
      .slice(1),
  );
  return new Map(
    lines.flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      return state === LISTEN ? [[inode, { address, port: Number.parseInt(port, 16) }] as const] : [];
    }),
  );
}

function socketsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readOrEmpty(() => readdirSync(folder).join('\n'))
    .split('\n')
    .flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readOrEmpty(() => readlinkSync(`${folder}/${fd}`)))?.[1];
      return inode === undefined ? [] : [inode];
    });
}

function commandOf(pid: number): string {
  const words = readOrEmpty(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  return words
    .slice(0, 3)
    .map((word) => basename(word))
    .join(' ');
}

/** Processes and sockets may be gone before they are read. */
function readOrEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
