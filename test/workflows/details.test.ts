import { expect, it } from '@jest/globals';
import type { Progress } from '../../src/contracts/workflow-io.js';
import { runDetails } from '../../src/workflows/details.js';

const PROGRESS: Progress = {
  stage: 'preprocessing',
  dataset: 'skin',
  workflowId: 'ingest/skin',
  runId: 'r1',
  upload: { bucket: 'b', key: 'landing/skin/u/skin.zip', etag: 'e', bytes: 12_345_678 },
  version: '0123456789abcdef',
  images: { done: 3, total: 10, rejected: 0 },
  stages: [
    { stage: 'inspecting', from: '2026-01-05T09:00:00.000Z', to: '2026-01-05T09:00:02.400Z' },
    { stage: 'preprocessing', from: '2026-01-05T09:00:02.400Z', to: null },
  ],
  training: null,
  approval: null,
  result: null,
};

it('lists the stages of a run and its upload for people', () => {
  expect(runDetails(PROGRESS).split('\n')).toEqual([
    '**skin**: preprocessing',
    '',
    'Stages:',
    '',
    '- inspecting: 2 s',
    '- preprocessing: since 2026-01-05 09:00 UTC',
    '',
    'Data:',
    '',
    '- Upload: `landing/skin/u/skin.zip`, 12.3 MB',
    '- Dataset version: `0123456789abcdef`',
  ]);
});

it('says why a run waits for approval, what the training costs, and how to decide', () => {
  const trainer = { kind: 'rekognition', estimatedHours: 2.8, hourlyRateUsd: 1 } as const;
  const approval = { trainer } as unknown as NonNullable<Progress['approval']>;
  const details = runDetails({ ...PROGRESS, stage: 'awaiting-approval', approval });
  expect(details).toContain(
    'The training takes about 2.8 h and costs about US$ 2.80, so a person decides. Decide on Curator',
  );
  expect(details).toContain('- `curator approve skin`\n- `curator reject skin --note "why"`');
});
