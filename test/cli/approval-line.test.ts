import { describe, expect, it } from '@jest/globals';
import { approvalLine } from '../../src/cli/follow.js';
import type { Progress } from '../../src/contracts/workflow-io.js';

describe('the approval request on the terminal', () => {
  it('gives the reason if the training does not use the project with the name of the dataset', () => {
    const trainer = {
      ...{ kind: 'rekognition', account: null, region: 'us-east-1', hourlyRateUsd: 1, estimatedHours: 2 },
      ...{ project: 'skin-P2', projectNote: 'The training uses the project skin-P2, because …' },
    };
    const waiting = { dataset: 'skin', approval: { trainer } } as Progress;
    expect(approvalLine(waiting).split('\n')[1]).toBe(trainer.projectNote);
  });

  it('says first why scores are unreliable', () => {
    const waiting = { dataset: 'skin', approval: null } as Progress;
    const qualityReasons = [{ code: 'SPLIT_LEAKS', text: '5 of 9 validation images are copies.' }];
    expect(approvalLine({ ...waiting, quality: 'unreliable', qualityReasons }).split('\n')[0]).toBe(
      'Scores of models trained on this dataset are unreliable. 5 of 9 validation images are copies (SPLIT_LEAKS).',
    );
  });
});
