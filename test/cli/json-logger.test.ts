import { describe, expect, it } from '@jest/globals';
import { jsonLine } from '../../src/worker/json-logger.js';

const entry = (meta?: Record<string, unknown>) => ({
  level: 'WARN' as const,
  message: 'Activity failed',
  timestampNanos: 1_767_603_600_123_456_789n,
  ...(meta ? { meta } : {}),
});

describe('a line of the log as JSON', () => {
  it('has time, level, message and what the SDK knows of the workflow', () => {
    const meta = { workflowId: 'other', workflowRunId: 'r', activityType: 'openRun', attempt: 2 };
    expect(JSON.parse(jsonLine(entry(meta)))).toEqual({
      ...{ time: '2026-01-05T09:00:00.123Z', level: 'WARN', message: 'Activity failed', runId: 'r', ...meta },
    });
  });

  it.each([
    ['ingest/skin-2025'],
    ['preprocess/skin-2025/0199-r'],
    ['train/skin-2025/0123456789abcdef-r1'],
    ['cross-validate/skin-2025/0123456789abcdef'],
    ['stop/skin-2025/0123456789abcdef-r1'],
  ])('names the dataset of the workflow %s', (workflowId) => {
    expect(JSON.parse(jsonLine(entry({ workflowId })))).toMatchObject({ dataset: 'skin-2025' });
  });

  it('names no dataset outside of a workflow', () => {
    expect(JSON.parse(jsonLine(entry()))).not.toHaveProperty('dataset');
  });

  it('keeps its ids and its text if an error contains itself', () => {
    const error: Error & { request?: unknown } = new Error('lost');
    error.request = { error };
    const line = jsonLine(entry({ workflowId: 'ingest/skin', workflowRunId: 'r', error }));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({ dataset: 'skin', runId: 'r', workflowId: 'ingest/skin' });
    expect(JSON.parse(line).text).toContain('Error: lost');
  });

  it('stays one line with the error, its cause and numbers that JSON lacks', () => {
    const error = Object.assign(new Error('first\nsecond', { cause: new TypeError('why') }), { type: 'T' });
    const line = jsonLine(entry({ error, nanos: 2n ** 60n }));
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toMatchObject({
      error: {
        name: 'Error',
        message: 'first\nsecond',
        type: 'T',
        cause: { name: 'TypeError', message: 'why' },
      },
      nanos: '1152921504606846976',
    });
  });
});
