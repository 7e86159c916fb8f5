// Memory of a process and of those that it started, from Linux's /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory in MB of the process `pid`, and of it with all processes that it started, at this moment. */
export function memoryOf(pid) {
  const processes = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? processOf(name) : []));
  const sumOf = (one) =>
    processes.reduce((sum, other) => sum + (other.parent === one.pid ? sumOf(other) : 0), one.mb);
  const own = processes.find((one) => one.pid === pid);
  if (!own) throw new Error(`The process ${pid} has ended.`);
  return { own: Math.round(own.mb), withChildren: Math.round(sumOf(own)) };
}

function processOf(name) {
  try {
    const status = readFileSync(`/proc/${name}/status`, 'utf8');
    const numberOf = (field) => Number(status.match(new RegExp(`^${field}:\\s+(\\d+)`, 'm'))?.[1] ?? 0);
    return [{ pid: Number(name), parent: numberOf('PPid'), mb: numberOf('VmRSS') / 1024 }];
  } catch {
    // The process has ended since it was listed.
    return [];
  }
}
