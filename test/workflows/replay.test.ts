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

  it('a history fails to replay if an activity was renamed', async () => {
    const text = readFileSync(`${FOLDER}${FILES.find((file) => file.startsWith('trainModel'))}`, 'utf8');
    const changed: unknown = JSON.parse(text.replaceAll('createModelVersion', 'createSomethingElse'));
    await expect(
      Worker.runReplayHistory({ workflowBundle: await checkedBundle() }, changed),
    ).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });
});
