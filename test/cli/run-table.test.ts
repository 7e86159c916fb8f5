import { expect, it } from '@jest/globals';
import { runTable } from '../../src/cli/output/run-table.js';

it('lists datasets with a header, times that people read, and the score of the latest model', () => {
  const now = Date.parse('2026-01-05T12:00:00Z');
  const run = { runId: 'r', model: null };
  const model = {
    modelVersion: '0123456789abcdef-r1',
    f1: 0.3432,
    images: 230,
    trainer: 'rekognition' as const,
    ended: null,
  };
  const table = runTable(
    [
      { ...run, dataset: 'skin', status: 'training', started: '2026-01-05T09:12:00Z', model },
      { ...run, dataset: 'red-cells', status: 'done', started: '2026-01-04T11:00:00Z', quality: 'good' },
      { ...run, dataset: 'cards', status: 'refused', started: '2025-12-24T11:00:00Z', quality: 'unfit' },
    ],
    now,
  );
  expect(table.split('\n')).toEqual([
    'dataset    run       started     quality  latest model',
    'skin       training  2.8 h ago            0123456789abcdef-r1, F1 0.343',
    'red-cells  done      2026-01-04  good',
    'cards      refused   2025-12-24  unfit',
  ]);
});
