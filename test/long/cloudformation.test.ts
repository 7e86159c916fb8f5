import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/local/ports.js';
import { stopProcess } from '../support/cli.js';
import { installPythonClients } from '../support/python-clients.js';

const run = promisify(execFile);
const tools = await installPythonClients(['cfn-lint>=1.58,<2', 'moto[server]>=5,<6', 'awscli>=1.46,<2']);
const suite = 'missing' in tools ? describe.skip : describe;
const why = 'missing' in tools ? ` (skipped: ${tools.missing})` : '';
const bin = 'missing' in tools ? '' : tools.bin;
const TEMPLATE = resolve('deploy/aws/curator.json');

suite(`the CloudFormation template${why}`, () => {
  let server: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const port = await freePort({});
    server = spawn(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
    url = `http://127.0.0.1:${port}`;
    while (!(await fetch(url).catch(() => undefined))) await new Promise((done) => setTimeout(done, 100));
  });
  afterAll(async () => {
    await stopProcess(server);
    if (!('missing' in tools)) await tools.remove();
  });

  const aws = async (...args: string[]) => {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_REGION: 'us-east-1',
    };
    const options = ['--endpoint-url', url, '--region', 'us-east-1', '--output', 'json'];
    const { stdout } = await run(join(bin, 'aws'), [...options, ...args], { env });
    return stdout ? JSON.parse(stdout) : undefined;
  };

  it('has no error by the resource specification of AWS', async () => {
    expect((await run(join(bin, 'cfn-lint'), [TEMPLATE])).stdout).toBe('');
  });

  it('creates a bucket, a queue with dead letters, and a policy per kind of command', async () => {
    const parameters = ['ParameterKey=BucketName,ParameterValue=dermavision'];
    const stack = ['--stack-name', 'curator'];
    const body = ['--template-body', `file://${TEMPLATE}`, '--capabilities', 'CAPABILITY_IAM'];
    await aws('cloudformation', 'create-stack', ...stack, ...body, '--parameters', ...parameters);

    const { Stacks } = await aws('cloudformation', 'describe-stacks', ...stack);
    const outputs = new Map<string, string>(
      Stacks[0].Outputs.map((one: { OutputKey: string; OutputValue: string }) => [
        one.OutputKey,
        one.OutputValue,
      ]),
    );
    expect(Stacks[0].StackStatus).toBe('CREATE_COMPLETE');
    expect(outputs.get('Bucket')).toBe('dermavision');
    const queue = ['--queue-url', outputs.get('EventQueueUrl') ?? ''];
    const { Attributes } = await aws('sqs', 'get-queue-attributes', ...queue, '--attribute-names', 'All');
    expect(JSON.parse(Attributes.RedrivePolicy)).toMatchObject({ maxReceiveCount: 5 });
    const policy = ['--policy-arn', outputs.get('WorkerPolicy') ?? '', '--version-id', 'v1'];
    const { PolicyVersion } = await aws('iam', 'get-policy-version', ...policy);
    expect(PolicyVersion.Document.Statement[0].Resource).toBe('arn:aws:s3:::dermavision');
  });
});
