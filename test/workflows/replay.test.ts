import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { checkedBundle } from '../../src/worker/workflow-bundle.js';
import { quietTemporal } from '../support/quiet.js';

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url));
/** Saved from real runs by `npm run histories`. A file is kept as long as runs of that age may be open. */
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

describe('saved histories', () => {
  beforeAll(() => {
    quietTemporal();
  });

  it('saved histories cover every workflow', () => {
    for (const workflow of ['ingestDataset', 'preprocessImages', 'trainModel', 'stopModel', 'sweepLanding']) {
      expect(FILES.some((file) => file.startsWith(workflow))).toBe(true);
    }
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
