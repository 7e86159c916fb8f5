import * as disturbances from './disturbance.js';
import type { Scenario } from './scenario.js';

const ANNOUNCEMENTS = 100;
/** The built worker with one option changed. It starts processes of its own, which a bundle does not contain. */
const UNCACHED_WORKER = [
  '--input-type=module',
  '--eval',
  `import { runWorker } from '${new URL('../worker.js', import.meta.url)}';
   import { readConfiguration } from '${new URL('../config/configuration.js', import.meta.url)}';
   await runWorker(readConfiguration(process.env), { maxCachedWorkflows: 0 });`,
];

/** Runs that nothing disturbs. What they write is what all others must write. */
export const UNDISTURBED: Scenario = { name: 'none', disturb: disturbances.none };

const KILLS: Scenario = {
  name: 'workers killed (SIGKILL)',
  disturb: disturbances.killWorkers,
  countsBatches: true,
};

/** The order of the rounds. They begin again after the last one. */
export const SCENARIOS: readonly Scenario[] = [
  KILLS,
  { name: 'workers stopped (SIGTERM) every 10 s', disturb: disturbances.stopWorkers },
  { name: 'Temporal killed and restarted', disturb: disturbances.restartTemporal },
  KILLS,
  { name: 'S3 fails, resets, hangs, slows down', disturb: disturbances.faultyStorage },
  {
    name: `${ANNOUNCEMENTS} announcements at once`,
    disturb: disturbances.none,
    announcements: ANNOUNCEMENTS,
  },
  KILLS,
  {
    name: 'workers without a workflow cache, killed',
    disturb: disturbances.killWorkers,
    worker: UNCACHED_WORKER,
    countsBatches: true,
  },
  {
    name: 'disk of S3 full for 20 s',
    disturb: disturbances.fillDisk,
    missing: ({ disk }) =>
      disk ? undefined : 'A file system of limited size could not be mounted: that takes Linux and root.',
  },
  KILLS,
  {
    name: 'clock of workers jumps by up to an hour',
    disturb: disturbances.jumpClock,
    workerEnv: ({ clock }) => clock?.env ?? {},
    missing: ({ clock }) =>
      clock ? undefined : 'libfaketime is not installed: install the package `faketime`.',
  },
];
