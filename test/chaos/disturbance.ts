import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/lib/random.js';
import { activitiesOf, type Recovery, untilRecovered } from './recovery.js';
import type { Services } from './services.js';
import type { Workers } from './workers.js';

/** What a disturbance has done until now. */
export interface Damage {
  /** Number of disturbances that have no time of their own. */
  faults: number;
  /** When each of the others began, in milliseconds as of `performance.now()`. */
  readonly moments: number[];
  readonly recoveries: Recovery[];
}

export interface Disturbed {
  readonly services: Services;
  readonly workers: Workers;
  readonly random: Random;
  readonly damage: Damage;
  /** Aborts when all runs have ended. */
  readonly over: AbortSignal;
}

/** Disturbs runs until they have ended. */
export type Disturbance = (disturbed: Disturbed) => Promise<void>;

/** Steps that Curator does not try again after they lost three workers, since their data may have ended these. */
const LIMITED_STEPS = new Set(['inspectArchive', 'preprocessBatch', 'convertManifest', 'validateDataset']);
const MAX_LOST = 3;

/** Kills workers at random moments, so that every stage is hit. Spares a worker whose step would lose its third one. */
export const killWorkers: Disturbance = async ({ services, workers, random, damage, over }) => {
  const recoveries: Promise<unknown>[] = [];
  while (await pause(random.between(300, 4_000), over)) {
    const [first = 0, second = first] = workers.pids;
    const pid = random.pick([first, second]);
    const lost = await activitiesOf(services.temporal, pid);
    if (lost.some(({ type, attempt }) => LIMITED_STEPS.has(type) && attempt >= MAX_LOST)) continue;
    const replaced = workers.replace(pid, 'SIGKILL');
    hit(damage);
    recoveries.push(
      untilRecovered(services.temporal, lost).then((recovered) => damage.recoveries.push(...recovered)),
    );
    await replaced;
  }
  await Promise.all(recoveries);
};

/** Stops a worker by SIGTERM every 10 seconds. */
export const stopWorkers: Disturbance = async ({ workers, random, damage, over }) => {
  let next = performance.now();
  for (;;) {
    next += 10_000;
    if (!(await pause(Math.max(0, next - performance.now()), over))) return;
    const [first = 0, second = first] = workers.pids;
    hit(damage);
    await workers.replace(random.pick([first, second]), 'SIGTERM');
  }
};

/** Kills Temporal's server and starts it again. */
export const restartTemporal: Disturbance = async ({ services, random, damage, over }) => {
  while (await pause(random.between(2_000, 8_000), over)) {
    hit(damage);
    await services.restartTemporal();
  }
};

/** Makes S3 fail for the workers. */
export const faultyStorage: Disturbance = async ({ services: { proxy }, damage, over }) => {
  const before = total(proxy.faults);
  proxy.setFaulty(true);
  while (await pause(60_000, over));
  proxy.setFaulty(false);
  damage.faults += total(proxy.faults) - before;
};

/** Fills the disk of the S3 server for 20 seconds at a time. SeaweedFS looks once per minute whether there is space again. */
export const fillDisk: Disturbance = async ({ services: { disk }, random, damage, over }) => {
  while (await pause(random.between(5_000, 15_000), over)) {
    hit(damage);
    await disk?.fill();
    await pause(20_000, over);
    await disk?.free();
    await pause(120_000, over);
  }
};

/** Offsets of a wrong clock in seconds. S3 refuses requests that are off by more than 15 minutes. */
const OFFSETS = [-3_600, -300, 300, 3_600] as const;

/** Lets the clock of the workers jump to a wrong time and back. */
export const jumpClock: Disturbance = async ({ services: { clock }, random, damage, over }) => {
  let offset: number = 0;
  while (await pause(random.between(3_000, 8_000), over)) {
    hit(damage);
    offset = offset === 0 ? random.pick(OFFSETS) : 0;
    await clock?.set(offset);
  }
  await clock?.set(0);
};

/** Only waits: the workers or the announcements are what is unusual. */
export const none: Disturbance = async ({ over }) => {
  while (await pause(60_000, over));
};

function hit({ moments }: Damage): void {
  moments.push(performance.now());
}

const total = (faults: ReadonlyMap<string, number>) => [...faults.values()].reduce((sum, n) => sum + n, 0);

/** Waits; returns false if the runs have ended meanwhile. */
async function pause(ms: number, over: AbortSignal): Promise<boolean> {
  return await delay(ms, true, { signal: over }).catch(() => false);
}
