import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { noopMetricMeter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { CrossValidating } from '../../src/activities/cross-validating/cross-validating.js';
import { Curating } from '../../src/activities/curating/curating.js';
import { type ActivityDeps, createActivities, createImageActivities } from '../../src/activities/index.js';
import { createMetrics } from '../../src/activities/metrics/metrics.js';
import { readConfiguration } from '../../src/config/configuration.js';
import { intakeDefaults } from '../../src/intake/intake.js';
import { ModelRunner } from '../../src/models/model-runner.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { realClock } from '../../src/training/await-training.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { Trainer } from '../../src/training/trainer.js';
import { checkedBundle } from '../../src/worker/workflow-bundle.js';
import { awsOf } from '../support/aws.js';
import { NO_S3 } from '../support/emulator.js';
import { quietTemporal } from '../support/quiet.js';

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url));
/** Saved from real runs by `npm run histories`. A file is kept as long as runs of that age may be open. */
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

describe('saved histories', () => {
  beforeAll(() => {
    quietTemporal();
  });

  it('saved histories cover every workflow', () => {
    for (const workflow of [
      'ingestDataset',
      'preprocessImages',
      'trainModel',
      'stopModel',
      'sweepLanding',
      'crossValidate',
    ]) {
      expect(FILES.some((file) => file.startsWith(workflow))).toBe(true);
    }
  });

  it('saved histories cover every activity', () => {
    const rekognition = createRekognitionClient(awsOf(NO_S3));
    const deps: ActivityDeps = {
      store: new ObjectStore(createS3Client(awsOf(NO_S3))),
      intake: intakeDefaults(readConfiguration({})),
      trainer: new Trainer(rekognition),
      inspect,
      curating: new Curating(awsOf(NO_S3)),
      crossValidating: new CrossValidating(awsOf(NO_S3)),
      models: new ModelRunner(rekognition),
      clock: realClock,
      metrics: createMetrics(noopMetricMeter),
      shutdown: new AbortController().signal,
    };
    const saved = FILES.map((file) => readFileSync(`${FOLDER}${file}`, 'utf8')).join('');
    const activities = Object.keys({ ...createActivities(deps), ...createImageActivities(deps) });
    expect(activities.length).toBeGreaterThan(10);
    expect(activities.filter((name) => !saved.includes(`"name": "${name}"`))).toEqual([]);
  });

  it.each(FILES)('%s replays with the current code', async (file) => {
    const history: unknown = JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8'));
    await Worker.runReplayHistory({ workflowBundle: await checkedBundle() }, history);
  });

  /** The names of the activities and child workflows of a history, in order. */
  const stepsOf = (text: string) =>
    [...text.matchAll(/"(?:activityType|workflowType)":\s*\{\s*"name":\s*"(\w+)"/g)].map(
      ([, name]) => name ?? '',
    );

  /** Replays a changed history as if the code that wrote it had been another. */
  async function replaying(text: string): Promise<void> {
    const history: unknown = JSON.parse(text);
    await Worker.runReplayHistory({ workflowBundle: await checkedBundle() }, history);
  }

  it.each(FILES)('%s fails to replay if its last step was renamed', async (file) => {
    const text = readFileSync(`${FOLDER}${file}`, 'utf8');
    // The first event starts the workflow, whose name may be that of a step.
    const steps = text.indexOf('"EVENT_TYPE_WORKFLOW_TASK_SCHEDULED"');
    const renamed = text.slice(steps).replaceAll(`"${stepsOf(text).at(-1)}"`, '"anotherStep"');
    const changed = text.slice(0, steps) + renamed;
    await expect(replaying(changed)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });

  it.each([
    ['convertManifest', 'validateDataset'],
    ['publishManifests', 'describeTrainer'],
    ['preprocessImages', 'trainModel'],
  ])('a history fails to replay if %s and %s were exchanged', async (one, other) => {
    const text = readFileSync(`${FOLDER}ingestDataset.approved.1.24.0.json`, 'utf8');
    const exchange: Readonly<Record<string, string>> = { [one]: other, [other]: one };
    const changed = text.replace(/"(\w+)"/g, (_quoted, name: string) => `"${exchange[name] ?? name}"`);
    await expect(replaying(changed)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });

  it('a history fails to replay if the code has one step less', async () => {
    const text = readFileSync(`${FOLDER}trainModel.done.1.24.0.json`, 'utf8');
    const { events } = JSON.parse(text) as { events: { eventType: string }[] };
    // Without its end the workflow would have to schedule a further step, which it does not.
    const last = events.at(-1);
    const scheduled = events.findLast(({ eventType }) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED');
    const changed = { events: [...events.slice(0, -1), { ...scheduled, eventId: String(events.length) }] };
    expect(last?.eventType).toBe('EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED');
    await expect(replaying(JSON.stringify(changed))).rejects.toMatchObject({
      name: 'DeterminismViolationError',
    });
  });
});
