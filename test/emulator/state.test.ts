import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { State } from '../../src/emulator/state.js';

const ARN = 'arn:aws:rekognition:us-east-1:000000000000:project/old';
/** The state file of the first version, without datasets and running models. */
const OLD = {
  projects: [
    {
      name: 'old',
      arn: `${ARN}/1`,
      created: 1,
      versions: [
        {
          arn: `${ARN}/version/v1/2`,
          name: 'v1',
          created: 2,
          trainingMs: 0,
          output: { S3Bucket: 'some-bucket', S3KeyPrefix: 'out' },
          train: { Bucket: 'some-bucket', Name: 'train.manifest' },
          test: { Bucket: 'some-bucket', Name: 'val.manifest' },
          end: { at: 3, status: 'TRAINING_COMPLETED', message: 'ready', f1: 0.5, validated: true },
        },
      ],
    },
  ],
  trainingsStarted: 1,
};

describe('the state of the emulator', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'curator-state-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads the state file of an older version', async () => {
    await writeFile(join(folder, 'state.json'), JSON.stringify(OLD));
    const state = new State(folder);
    expect(state.trainingsStarted).toBe(1);
    expect(state.projects[0]).toMatchObject({ name: 'old', datasets: [], deleted: null });
    expect(state.projects[0]?.versions[0]).toMatchObject({
      testing: 'manifest',
      model: null,
      end: { f1: 0.5 },
    });
  });

  it('keeps large content in separate files until its resource is removed', async () => {
    const state = new State(folder);
    state.writeFile(ARN, 'model', 'learned');
    state.save();
    expect(await readFile(join(folder, 'state.json'), 'utf8')).not.toContain('learned');
    expect(new State(folder).readFile(ARN, 'model')?.toString()).toBe('learned');
    expect(state.readFile(ARN, 'entries')).toBeUndefined();
    state.forget(ARN);
    expect(state.readFile(ARN, 'model')).toBeUndefined();
  });
});
