import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { useCommands } from '../support/commands.js';

describe('a command with an output file', () => {
  const cli = useCommands();
  let folder: string;
  let file: string;
  const at = (name: string) => join(folder, name);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'curator-inputs-'));
    file = at('input');
    writeFileSync(file, 'the only copy');
    symlinkSync(file, at('link'));
    symlinkSync(at('link'), at('second'));
    linkSync(file, at('hard'));
    mkdirSync(at('dataset/train'), { recursive: true });
    writeFileSync(at('dataset/train/_annotations.coco.json'), 'the only copy');
    symlinkSync(at('dataset'), at('linked'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ['a link to the archive', () => ['check', file, '--report', at('second')]],
    ['the archive, which a link names', () => ['check', at('link'), '--report', file]],
    ['a hard link of the archive', () => ['check', file, '--report', at('hard')]],
    ['another spelling of its path', () => ['check', file, '--report', relative(process.cwd(), file)]],
    ['the photo', () => ['detect', file, '--model', 'latest', '--draw', file]],
    ['a link to the photo', () => ['detect', file, '--model', 'latest', '--draw', at('link')]],
  ])('overwrites no input: %s', async (_what, args) => {
    const { code, stderr } = await cli(args(), { CURATOR_HOME: folder });
    expect(stderr).toMatch(
      /cannot be written: it is a file that this command reads.* Name another file\.\n$/,
    );
    expect(code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('the only copy');
  });

  it.each(['dataset', 'linked'])('overwrites no COCO file of the folder %s', async (name) => {
    const coco = at('dataset/train/_annotations.coco.json');
    const { code, stderr } = await cli(['check', at(name), '--report', coco], { CURATOR_HOME: folder });
    expect(stderr).toContain('it is a file that this command reads');
    expect(code).toBe(2);
    expect(readFileSync(coco, 'utf8')).toBe('the only copy');
  });

  it.each([
    ['sample', () => ['sample', '--out', at('link'), '--force']],
    ['report', () => ['report', 'skin', '--out', at('link')]],
    ['export', () => ['export', 'skin', '--format', 'coco', '--out', at('link'), '--force']],
  ])('overwrites no configuration file: %s', async (_command, args) => {
    const { code, stderr } = await cli(args(), { CURATOR_HOME: folder, CURATOR_CONFIG: file });
    expect(stderr).toContain('it is a file that this command reads');
    expect(code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('the only copy');
  });
});
