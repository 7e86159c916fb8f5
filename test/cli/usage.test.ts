import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { roboflowArchive } from '../support/archives.js';
import { useCommands } from '../support/commands.js';

describe('curator with wrong usage or without servers', () => {
  const cli = useCommands();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'curator-cli-'));
    writeFileSync(join(folder, 'not-a.zip'), 'this is not an archive');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string) => join(folder, name);

  it.each([
    ['a dataset name', ['status', 'a'.repeat(100_000)], {}],
    ['a path', ['check', 'a'.repeat(100_000)], {}],
    ['a flag', ['check', `--${'a'.repeat(100_000)}`], {}],
    ['a setting', ['check', 'a.zip', '--val-split', '1'.repeat(100_000)], {}],
    ['a variable', ['list'], { BUCKET: `a/${'b'.repeat(100_000)}` }],
  ])('prints at most 2,500 characters about %s of 100,000', async (_what, args, env) => {
    const { code, stderr } = await cli(args, { CURATOR_HOME: folder, ...env });
    expect(code).toBe(2);
    expect(stderr.length).toBeLessThan(2_500);
  });

  it.each([
    ['a dataset name', ['status', 'a\x1b[2J\u202eb'], {}],
    ['a path', ['check', 'a\x1b[2J\u202eb.zip'], {}],
    ['a flag', ['check', '--a\x1b[2J\u202eb'], {}],
    ['a variable', ['list'], { BUCKET: 'a/\x1b[2J\u202eb' }],
    ['CURATOR_HOME', ['list'], { CURATOR_HOME: '/tmp/\x1b[2J\u202e\nhome' }],
  ])('prints no escape sequence and no direction mark of %s', async (_what, args, env) => {
    const { code, stderr } = await cli(args, { CURATOR_HOME: folder, ...env });
    expect(code).toBe(2);
    expect(stderr).toContain('\\u001b[2J');
    expect(stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it.each([
    [['ingest'], /missing required argument/],
    [['ingest', 'nowhere.zip'], /nowhere\.zip: no such file or folder/],
    [['frobnicate'], /unknown command/],
    [['check', 'x.zip', '--val-split', '7'], /^curator: --val-split=7: must be above 0 and below 1\n$/],
    [
      ['rerun', 'skin', '--val-split', '7', '--seed', 'x'],
      /^curator: --val-split=7: .*\n--seed=x: must be a whole number\n$/,
    ],
    [['check', 'x.zip', '--tiles', ''], /^curator: --tiles=: must be a whole number from 1 to 4\n$/],
    [['check', 'x.zip', '--tiles', 'x'], /^curator: --tiles=x: must be a whole number from 1 to 4\n$/],
    [['check', 'x.zip', '--max-rejected-ratio', ''], /--max-rejected-ratio=: must be a number from 0 to 1/],
    [['sample', '--out', 'x.zip', '--seed', ''], /Expected a whole number from 0/],
    [['up', '--ui-port', '70000'], /Expected a port from 1 to 65535/],
    [['ingest', 'a.zip', 'b.zip', '--dataset', 'one'], /Ingest several archives without it/],
    [['ingest', 'a/skin.zip', 'b/skin.zip'], /Two archives have the same dataset name, skin/],
    [['ingest', 's3://bucket'], /does not name an S3 object/],
    [
      ['ingest', 'a.zip', '--endpoint', 'http://127.0.0.1:1', '--replace', '--min-f1', '0.9'],
      /--replace, --min-f1 cannot be combined with --endpoint/,
    ],
    [['status', 'anything'], /no stack is running in .*curator up/],
    [['serve', '--host', '0.0.0.0'], /no stack is running/],
  ])('%j exits with code 2 and one clear message', async (args, message) => {
    const { code, stdout, stderr } = await cli(args, { CURATOR_HOME: folder });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^curator: /);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('check names the variable of the region if none is set', async () => {
    const env = { ...{ CURATOR_HOME: folder, HOME: folder, BUCKET: 'b' }, AWS_EC2_METADATA_DISABLED: 'true' };
    const { code, stderr } = await cli(['check', 's3://b/a.zip'], env);
    expect(code).toBe(2);
    expect(stderr).toBe('curator: No AWS region is set. Set AWS_REGION to the region of the bucket.\n');
  });

  /** Every command that takes the name of a dataset, with what else it requires. */
  const NAMING: Readonly<Record<string, string[]>> = {
    ingest: ['x.zip', '--dataset', 'Not A Name'],
    rerun: ['Not A Name'],
    status: ['Not A Name'],
    watch: ['Not A Name'],
    cancel: ['Not A Name'],
    approve: ['Not A Name'],
    reject: ['Not A Name'],
    attach: ['Not A Name'],
    delete: ['Not A Name'],
    detect: ['x.jpg', '--model', 'latest', '--dataset', 'Not A Name'],
    models: ['Not A Name'],
    report: ['Not A Name'],
    'cross-validate': ['Not A Name'],
    export: ['Not A Name', '--format', 'coco', '--out', 'x.zip'],
  };

  it.each(Object.entries(NAMING))(
    '%s refuses an invalid dataset name before it connects',
    async (...named) => {
      const [command, args] = named;
      const { code, stdout, stderr } = await cli([command, ...args], { CURATOR_HOME: folder });
      expect(stderr).toBe(
        'curator: "Not A Name" is not a valid dataset name: use a-z, 0-9, dots, dashes and underscores, up to 100 characters, starting with a letter or digit.\n',
      );
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
  );

  it('serve refuses to listen on a non-loopback address without a token', async () => {
    const env = { CURATOR_HOME: folder, TEMPORAL_ADDRESS: '127.0.0.1:1', BUCKET: 'b' };
    const { code, stderr } = await cli(['serve', '--host', '0.0.0.0'], env);
    expect(code).toBe(2);
    expect(stderr).toContain('CURATOR_TOKENS');
  });

  it('serve refuses a short token without showing it', async () => {
    const env = { CURATOR_HOME: folder, TEMPORAL_ADDRESS: '127.0.0.1:1', BUCKET: 'b' };
    const tokens = { CURATOR_TOKENS: '0123456789abcdef0123456789abcdef,tooshortatoken' };
    const { code, stderr } = await cli(['serve'], { ...env, ...tokens });
    expect(code).toBe(2);
    expect(stderr).toMatch(/at least 16 characters.*openssl rand -hex 32/);
    expect(stderr).not.toContain('tooshort');
  });

  it('the help of every command explains its exit codes and has an example', async () => {
    const { code, stdout } = await cli(['--help']);
    expect(code).toBe(0);
    const listed = stdout.slice(stdout.indexOf('From a dataset')).matchAll(/^ {2}([a-z-]+)/gm);
    const groups: Readonly<Record<string, string[]>> = { bucket: ['setup'], emulate: ['rekognition'] };
    const commands = [...listed].map(([, name = '']) => [name, ...(groups[name] ?? [])]);
    expect(commands.length).toBeGreaterThan(20);
    const helps = await Promise.all(
      commands
        .filter(([name]) => name !== 'help')
        .map(async (command) => [command.join(' '), (await cli([...command, '--help'])).stdout] as const),
    );
    const lacks = (pattern: RegExp) => helps.filter(([, help]) => !pattern.test(help)).map(([name]) => name);
    expect(lacks(/^Exit codes: 0 /m)).toEqual([]);
    expect(lacks(/^Example:\n {2}\$ /m)).toEqual([]);
    const naming = helps.filter(([, help]) => /^(Usage:.*<dataset>| +--dataset )/m.test(help));
    expect(new Set(naming.map(([name]) => name))).toEqual(new Set(Object.keys(NAMING)));
    // Servers always print lines of JSON.
    expect(lacks(/ --json /)).toEqual(['worker', 'serve', 'events', 'emulate rekognition']);
  });

  it('check exits with code 0 for a fit archive and prints one JSON document', async () => {
    writeFileSync(file('fit.zip'), await roboflowArchive(24));
    const { code, stdout } = await cli(['check', file('fit.zip'), '--min-class-images', '2', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ fit: true, images: { found: 24, train: 22, val: 2 } });
  });

  it('check exits with code 1 for an unfit archive and prints the reason', async () => {
    writeFileSync(file('unfit.zip'), await roboflowArchive(24));
    const { code, stdout } = await cli(['check', file('unfit.zip')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not fit +No class is found in --min-class-images=40 images/m);
  });

  it('check explains that a file is not an archive', async () => {
    const { code, stdout } = await cli(['check', file('not-a.zip')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not fit +The file is a text file, not a ZIP file\. /m);
  });
});
