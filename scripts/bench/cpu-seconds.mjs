// CPU time of this process and of its children, from Linux's /proc.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
/** Positions of the times of a process, and of its children that have ended, among the fields of `stat`. */
const OWN = 11;
const ENDED_CHILDREN = 13;

/**
 * CPU seconds of this process, of its children that run the program `name`, and of all children that have ended. Batch
 * processes end while they have nothing to do, so without those the sum could fall.
 */
export function cpuSeconds(name) {
  const own = process.cpuUsage();
  const before =
    (own.user + own.system) / 1e6 + secondsOf(readFileSync('/proc/self/stat', 'utf8'), ENDED_CHILDREN);
  return childrenThatRun(name).reduce((sum, seconds) => sum + seconds, before);
}

/** CPU seconds of this process and of all that it started, servers included, whether they have ended or not. */
export function treeCpuSeconds() {
  const processes = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? timesOf(pid) : []));
  const sumOf = ({ pid, seconds }) =>
    processes.reduce((sum, other) => sum + (other.parent === pid ? sumOf(other) : 0), seconds);
  const own = processes.find(({ pid }) => pid === process.pid);
  return own ? sumOf(own) : 0;
}

function timesOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const seconds = secondsOf(stat) + secondsOf(stat, ENDED_CHILDREN);
    return [{ pid: Number(pid), parent: Number(fieldsOf(stat)[1]), seconds }];
  } catch {
    // The process has ended since it was listed.
    return [];
  }
}

/** CPU seconds of the main thread of this process, which runs its JavaScript. */
export function mainThreadSeconds() {
  return secondsOf(readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8'));
}

/** CPU seconds of each living child that runs the program `name`. */
function childrenThatRun(name) {
  return readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? secondsOfChild(pid, name) : []));
}

function secondsOfChild(pid, name) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const isOwn = Number(fieldsOf(stat)[1]) === process.pid;
    return isOwn && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name) ? [secondsOf(stat)] : [];
  } catch {
    // The process has ended since it was listed.
    return [];
  }
}

/** The fields after the name of the program, which may have spaces: state, parent, … */
const fieldsOf = (stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

/** @param first index of the field with the user time; the system time follows it */
function secondsOf(stat, first = OWN) {
  const fields = fieldsOf(stat);
  return (Number(fields[first]) + Number(fields[first + 1])) / TICKS_PER_SECOND;
}
