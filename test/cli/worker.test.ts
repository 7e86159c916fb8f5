import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { resolveBinary } from '../../src/local/binaries.js';
import { startCli, cli as startedCli, stopProcess } from '../support/cli.js';
import { useCommands } from '../support/commands.js';

/** Without AWS's configuration files, which may name a region. */
const HOMELESS = { HOME: '/nonexistent', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' };
const SERVICES = { ...HOMELESS, BUCKET: 'faces', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' };

const cli = useCommands();

describe('a command without a region', () => {
  it.each([
    ['worker', {}],
    ['worker', { AWS_REGION: '' }],
    ['serve', {}],
    ['list', {}],
    ['bucket setup', { AWS_REGION: '' }],
    ['check s3://faces/a.zip', {}],
  ])('%s with %j fails at its start and names the variable', async (command, changes) => {
    const { code, stdout, stderr } = await cli(command.split(' '), { ...SERVICES, ...changes });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^curator: No AWS region is set\. Set AWS_REGION to the region of the bucket\.$/m);
    expect(code).toBe(2);
  });

  it('refuses a name that is not that of a region', async () => {
    const { code, stderr } = await cli(['worker'], { ...SERVICES, AWS_REGION: 'us east 1' });
    expect(stderr).toMatch(/^curator: AWS_REGION=us east 1: expected the name of a region/m);
    expect(code).toBe(2);
  });
});

describe('a worker with half the name of a version', () => {
  it.each([['TEMPORAL_DEPLOYMENT_NAME'], ['TEMPORAL_WORKER_BUILD_ID']])('refuses %s alone', async (name) => {
    const { code, stderr } = await cli(['worker'], { ...SERVICES, AWS_REGION: 'us-east-1', [name]: 'one' });
    expect(stderr).toMatch(
      /^curator: Set both TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID, or neither/m,
    );
    expect(code).toBe(2);
  });
});

describe('a command without a Temporal server', () => {
  it.each([['worker'], ['serve'], ['list']])('%s names the address and the variable', async (command) => {
    const env = { ...SERVICES, AWS_REGION: 'us-east-1', TEMPORAL_ADDRESS: '127.0.0.1:9' };
    const { code, stderr } = await cli([command], env);
    expect(stderr).toMatch(
      /^curator: Temporal does not respond at 127\.0\.0\.1:9: It refuses connections\. Start it, or check TEMPORAL_ADDRESS\.$/m,
    );
    expect(stderr).not.toMatch(/DEBUG/);
    expect(code).toBe(1);
  });
});

describe('metrics of a worker', () => {
  const env = { ...SERVICES, AWS_REGION: 'us-east-1' };

  it('an address without a port is refused with what is expected', async () => {
    const { code, stderr } = await cli(['worker', '--metrics', 'localhost'], env);
    expect(stderr).toMatch(/--metrics <address>.*localhost.*Expected an IP address and a port, such as/);
    expect(code).toBe(2);
  });

  it('an address that another process listens on is refused, and both names of the setting are told', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    // A process of its own: metrics are configured once per process.
    const { code, stderr } = await startedCli(['worker', '--metrics', `127.0.0.1:${port}`], env);
    other.close();
    expect(stderr).toContain(
      `curator: Metrics cannot be served on 127.0.0.1:${port} (--metrics or METRICS_ADDRESS): Address already in use. `,
    );
    expect(stderr).toMatch(/Choose another address, or stop the process that listens there\.$/m);
    expect(code).toBe(2);
  });
});

describe('a worker on a server about whose version Temporal warns', () => {
  it('writes only the line that says it is ready to stdout, and the warnings to stderr', async () => {
    const { path } = await resolveBinary('temporal-test-server');
    const server = { executable: { type: 'existing-path', path } } as const;
    const temporal = await TestWorkflowEnvironment.createTimeSkipping({ server });
    const services = { ...SERVICES, AWS_REGION: 'us-east-1', TEMPORAL_ADDRESS: temporal.address };
    const child = startCli(['worker'], services);
    if (!child.stdout || !child.stderr) throw new Error('The worker has no output.');
    const [out, err] = [text(child.stdout), text(child.stderr)];
    await once(createInterface({ input: child.stdout }), 'line');
    await stopProcess(child);
    await temporal.teardown();
    expect(await out).toBe('{"ready":true}\n');
    expect(await err).toMatch(/WARN.*Temporal Server .* or newer is required/);
  });
});
