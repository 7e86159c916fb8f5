import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../src/lib/random.js';
import { activitiesOf, type Recovery, untilRecovered } from './recovery.js';
import type { Services } from './services.js';
import type { Workers } from './workers.js';

/** What a disturbance has done until now. */
export interface Damage {
  /** Number of disturbances. */
  count: number;
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

/** Kills workers at random moments, so that every stage is hit. */
export const killWorkers: Disturbance = async ({ services, workers, random, damage, over }) => {
  const recoveries: Promise<unknown>[] = [];
  while (await pause(random.between(300, 4_000), over)) {
    const [first = 0, second = first] = workers.pids;
    const pid = random.pick([first, second]);
    const lost = await activitiesOf(services.temporal, pid);
    const replaced = workers.replace(pid, 'SIGKILL');
    damage.count += 1;
    recoveries.push(
      untilRecovered(services.temporal, lost).then((recovered) => damage.recoveries.push(...recovered)),
    );
    await replaced;
  }
  await Promise.all(recoveries);
};

/** Stops a worker by SIGTERM every 10 seconds. */
export const stopWorkers: Disturbance = async ({ workers, random, damage, over }) => {
  while (await pause(10_000, over)) {
    const [first = 0, second = first] = workers.pids;
    await workers.replace(random.pick([first, second]), 'SIGTERM');
    damage.count += 1;
  }
};

/** Kills Temporal's server and starts it again. */
export const restartTemporal: Disturbance = async ({ services, random, damage, over }) => {
  while (await pause(random.between(2_000, 8_000), over)) {
    await services.restartTemporal();
    damage.count += 1;
  }
};

/** Makes S3 fail for the workers. */
export const faultyStorage: Disturbance = async ({ services: { proxy }, damage, over }) => {
  const before = total(proxy.faults);
  proxy.setFaulty(true);
  while (await pause(60_000, over));
  proxy.setFaulty(false);
  damage.count += total(proxy.faults) - before;
};

/** Only waits: the workers or the announcements are what is unusual. */
export const none: Disturbance = async ({ over }) => {
  while (await pause(60_000, over));
};

const total = (faults: ReadonlyMap<string, number>) => [...faults.values()].reduce((sum, n) => sum + n, 0);

/** Waits; returns false if the runs have ended meanwhile. */
async function pause(ms: number, over: AbortSignal): Promise<boolean> {
  return await delay(ms, true, { signal: over }).catch(() => false);
}
