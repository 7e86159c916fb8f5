// CPU time of this process and of its children, from Linux's /proc.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU seconds of this process and of its children that run the program `name`. */
export function cpuSeconds(name) {
  const own = process.cpuUsage();
  const children = childrenThatRun(name).map((pid) => secondsOf(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  return children.reduce((sum, seconds) => sum + seconds, (own.user + own.system) / 1e6);
}

/** CPU seconds of the main thread of this process, which runs its JavaScript. */
export function mainThreadSeconds() {
  return secondsOf(readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8'));
}

function childrenThatRun(name) {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isChild(pid, name));
}

function isChild(pid, name) {
  try {
    const parent = Number(fieldsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'))[1]);
    return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name);
  } catch {
    // The process has ended since it was listed.
    return false;
  }
}

/** The fields after the name of the program, which may have spaces: state, parent, … */
const fieldsOf = (stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

function secondsOf(stat) {
  const fields = fieldsOf(stat);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
