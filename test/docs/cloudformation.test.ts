import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

it('the CloudFormation template has the policies of docs/aws.md', () => {
  const { status, stderr } = spawnSync('node', ['scripts/write-cloudformation.mjs', '--check'], {
    encoding: 'utf8',
  });

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
