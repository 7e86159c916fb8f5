import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { roboflowArchive } from '../support/archives.js';
import { stopProcess } from '../support/cli.js';
import { startLocalStack } from '../support/local-stack.js';
import { temporaryHome } from '../support/servers.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README = readFileSync(join(ROOT, 'examples/README.md'), 'utf8');
/** `arguments.mjs` is what the programs share. */
const PROGRAMS = readdirSync(join(ROOT, 'examples')).filter(
  (name) => name.endsWith('.mjs') && name !== 'arguments.mjs',
);

describe('the programs in examples/', () => {
  let home: string;
  let zip: string;
  let up: ChildProcess | undefined;

  beforeAll(async () => {
    ({ home } = await temporaryHome());
    zip = join(home, 'skin.zip');
    writeFileSync(zip, await roboflowArchive(24));
  });
  afterAll(async () => {
    await stopProcess(up);
    rmSync(home, { recursive: true, force: true });
  });

  async function example(...args: readonly string[]) {
    const { PATH, HOME } = process.env;
    const env = {
      ...{ PATH, HOME, CURATOR_HOME: home, REQUIRE_APPROVAL: 'true' },
      // Node 20 makes the AWS SDK print a warning, which is not what these tests are about.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: code as number | null, stdout, stderr };
  }

  it.each(PROGRAMS)('%s prints its usage in one line if it gets no arguments', async (program) => {
    const { code, stdout, stderr } = await example(`examples/${program}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^usage: node examples/${program} <.+\\n$`));
    expect(README).toContain(`node examples/${program} `);
  });

  it.each([
    ['split.mjs', ['nowhere.zip']],
    ['manifest.mjs', ['nowhere.zip', 'my-bucket']],
    ['validate-manifest.mjs', ['nowhere.zip', 'val.manifest']],
    ['ingest.mjs', ['nowhere.zip', 'example']],
  ])('%s names a file that does not exist in one line', async (program, args) => {
    const { code, stderr } = await example(`examples/${program}`, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^nowhere\.zip: no such file\. Usage: .+\n$/);
  });

  it('split.mjs explains in one line that a file is not a ZIP', async () => {
    const file = join(home, 'notes.txt');
    writeFileSync(file, 'not an archive');
    const { code, stderr } = await example('examples/split.mjs', file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]*not a ZIP file[^\n]*\n$/);
  });

  it('approve.mjs says in one line that no stack runs', async () => {
    const { code, stderr } = await example('examples/approve.mjs', 'example');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^No services: no stack is running in [^\n]*\n$/);
  });

  it('split.mjs puts each image of the archive on one side', async () => {
    const { code, stdout, stderr } = await example('examples/split.mjs', zip);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { photos, train, val } = JSON.parse(stdout);
    expect([photos, train.length, val.length]).toEqual([24, 20, 4]);
    expect(new Set([...train, ...val]).size).toBe(24);
  });

  it('manifest.mjs writes manifests that validate-manifest.mjs accepts', async () => {
    const { stdout, stderr } = await example('examples/manifest.mjs', zip, 'my-bucket');
    expect(stderr).toBe('');
    const manifest = join(home, 'train.manifest');
    writeFileSync(manifest, stdout);
    expect(readFileSync(manifest, 'utf8').split('\n')[0]).toContain('s3://my-bucket/train/');
    expect(await example('examples/validate-manifest.mjs', manifest, manifest)).toEqual({
      code: 0,
      stdout: 'Rekognition Custom Labels would accept both manifests.\n',
      stderr: '',
    });
  });

  it('validate-manifest.mjs names the lines that the service would refuse', async () => {
    const manifest = join(home, 'broken.manifest');
    writeFileSync(manifest, 'not json\n');
    const { code, stdout } = await example('examples/validate-manifest.mjs', manifest, manifest);
    expect(code).toBe(1);
    expect(stdout).toContain('broken.manifest:1 ERROR_INVALID_JSON_LINE');
    expect(stdout).toContain('would refuse the dataset');
    expect(stdout).not.toContain('validation_report.json');
  });

  it('ingest.mjs runs to the approval, and approve.mjs from there to the model', async () => {
    ({ child: up } = await startLocalStack({ CURATOR_HOME: home }));
    const ingested = await example('examples/ingest.mjs', zip, 'example');
    expect(ingested).toMatchObject({ code: 0, stderr: '' });
    expect(ingested.stdout).toMatch(/^started run .*\n(?:[a-z]+\n)*awaiting-approval\n$/);
    const approved = await example('examples/approve.mjs', 'example', 'looked at the report');
    expect(approved).toMatchObject({ code: 0, stderr: '' });
    expect(approved.stdout).toMatch(/^done: /);
  });
});
