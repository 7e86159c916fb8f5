import { execFileSync } from 'node:child_process';

const SAMPLE_MS = 200;

/** Measures the memory of a process and of all processes that it starts, until it is stopped. */
export class TreeMemory {
  /** Largest sum of the resident memory of all these processes at one time, in MB. */
  peakMb = 0;
  readonly #timer: NodeJS.Timeout;

  /** @param without processes whose command has this text are not counted */
  constructor(pid: number, without?: string) {
    this.#timer = setInterval(() => {
      this.peakMb = Math.max(this.peakMb, residentMb(pid, without));
    }, SAMPLE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Resident memory of a process and its descendants, in MB. */
function residentMb(root: number, without: string | undefined): number {
  const columns = ['-A', '-ww', '-o', 'pid=,ppid=,rss=,args='];
  const lines = execFileSync('ps', columns, { encoding: 'utf8' }).trim().split('\n');
  const counted = lines.filter((line) => without === undefined || !line.includes(without));
  const processes = counted.map((line) => line.trim().split(/\s+/, 3).map(Number));
  const tree = new Set([root]);
  // Parents may be listed after their children.
  for (let size = 0; size < tree.size; ) {
    size = tree.size;
    for (const [pid = 0, parent = 0] of processes) if (tree.has(parent)) tree.add(pid);
  }
  return processes.reduce((sum, [pid = 0, , rss = 0]) => sum + (tree.has(pid) ? rss / 1024 : 0), 0);
}
