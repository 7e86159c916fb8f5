import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { RekognitionClient } from '@aws-sdk/client-rekognition';
import {
  type IngestResult,
  ingestWorkflowId,
  preprocessWorkflowId,
} from '../../src/contracts/workflow-io.js';
import type { Random } from '../../src/lib/random.js';
import { announceOften, announceOnce, upload } from './announce.js';
import type { Damage, Disturbance } from './disturbance.js';
import { type Digest, differences, digestOf, repeatedBatches, trainingsOf } from './oracle.js';
import type { Recovery } from './recovery.js';
import type { Services } from './services.js';
import { Workers } from './workers.js';

/** Two workers, as in a small installation. */
const WORKERS = 2;
const POLL_MS = 250;

export interface Scenario {
  readonly name: string;
  readonly disturb: Disturbance;
  /** Announcements per upload. */
  readonly announcements?: number;
  /** Arguments of Node that start a worker, if it is not `curator worker`. */
  readonly worker?: readonly string[];
  /** Variables that workers have beside the usual ones. */
  readonly workerEnv?: (services: Services) => NodeJS.ProcessEnv;
  /** Says what this machine lacks for the scenario; undefined if nothing. */
  readonly missing?: (services: Services) => string | undefined;
  /** Whether every repeated batch must be one that a killed worker was running. */
  readonly countsBatches?: boolean;
}

/** What a scenario did to some runs. */
export interface Outcome {
  readonly scenario: string;
  readonly runs: number;
  readonly disturbances: number;
  /** Number of disturbances that the run with the fewest met; undefined if they have no time of their own. */
  readonly fewest: number | undefined;
  readonly recoveries: readonly Recovery[];
  readonly repeatedBatches: number;
  /** Number of runs that ended as done, with the same bytes and one training. */
  readonly held: number;
  /** Seconds of each run. */
  readonly seconds: readonly number[];
  /** What must never be. Empty if everything held. */
  readonly violations: readonly string[];
}

export interface Stage {
  readonly services: Services;
  readonly rekognition: RekognitionClient;
  readonly archive: Buffer;
  readonly random: Random;
  /** What an undisturbed run wrote; undefined for the first run, which sets it. */
  readonly expected: Digest | undefined;
}

/** Ingests the archive as some datasets at once while they are disturbed, and checks what became of them. */
export async function play(
  { name, disturb, announcements = 1, worker, workerEnv, countsBatches = false }: Scenario,
  { services, rekognition, archive, random, expected }: Stage,
  datasets: readonly string[],
): Promise<Outcome & { readonly digest: Digest | undefined }> {
  const workers = new Workers({ ...services.workerEnv, ...workerEnv?.(services) }, worker);
  const damage: Damage = { faults: 0, moments: [], recoveries: [] };
  const over = new AbortController();
  const violations: string[] = [];
  const seconds: number[] = [];
  const met: number[] = [];
  let held = 0;
  let repeated = 0;
  let digest: Digest | undefined;
  try {
    await workers.start(WORKERS);
    const disturbing = disturb({ services, workers, random, damage, over: over.signal });
    // An error is thrown when it is awaited, after the runs.
    disturbing.catch(() => undefined);
    const ends = datasets.map(async (dataset) => {
      const start = performance.now();
      const key = await upload(services, dataset, archive);
      if (announcements === 1) await announceOnce(services, dataset, key);
      else await announceOften(services, dataset, key, announcements);
      const result = await resultOf(services, dataset);
      seconds.push((performance.now() - start) / 1000);
      met.push(damage.moments.filter((moment) => moment > start).length);
      return result;
    });
    const results = await Promise.allSettled(ends);
    over.abort();
    await disturbing;
    for (const [n, end] of results.entries()) {
      const dataset = datasets[n] ?? '';
      if (end.status === 'rejected' || end.value.outcome !== 'done') {
        violations.push(`${dataset}: ${end.status === 'rejected' ? causeOf(end.reason) : end.value.message}`);
        continue;
      }
      const written = await digestOf(services, end.value);
      digest ??= written;
      const different = differences(expected ?? digest, written);
      violations.push(...different.map((file) => `${dataset}: ${file} differs`));
      const trainings = await patient(() => trainingsOf(rekognition, dataset));
      if (trainings !== 1) violations.push(`${dataset}: ${trainings} trainings`);
      if (different.length === 0 && trainings === 1) held += 1;
      const child = preprocessWorkflowId(dataset, end.value.runId);
      repeated += await repeatedBatches(services.temporal.workflow.getHandle(child));
    }
    const allowed = damage.moments.length * availableParallelism();
    if (countsBatches && repeated > allowed)
      violations.push(`${repeated} batches repeated, ${allowed} were in flight`);
    const lost = damage.recoveries.filter(({ ms }) => !Number.isFinite(ms));
    violations.push(...lost.map(({ activity }) => `${activity} of a killed worker was never run again`));
    violations.push(...workers.exits.map((how) => `a worker ended by itself: ${how}`));
  } finally {
    over.abort();
    await workers.stop();
  }
  const { faults, moments, recoveries } = damage;
  return {
    scenario: name,
    runs: datasets.length,
    disturbances: faults + moments.length,
    fewest: moments.length === 0 ? undefined : Math.min(...met),
    recoveries,
    ...{ repeatedBatches: repeated, held },
    seconds,
    violations,
    digest,
  };
}

/** Waits for the end of a dataset's run, also while Temporal does not respond. */
async function resultOf({ temporal }: Services, dataset: string): Promise<IngestResult> {
  const handle = temporal.workflow.getHandle(ingestWorkflowId(dataset));
  for (;;) {
    const state = await handle.describe().catch(() => undefined);
    if (state !== undefined && state.status.name !== 'RUNNING') return await handle.result();
    await delay(POLL_MS);
  }
}

/** Repeats a call that an injected fault makes fail. */
async function patient<T>(call: () => Promise<T>, attempts = 20): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

/** The messages of an error and of its causes. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${causeOf(error.cause)}`;
}
