import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTimeOf } from '../../src/local/processes.js';
import { picture, roboflowArchive } from '../support/archives.js';
import { startCli } from '../support/cli.js';
import { temporaryHome } from '../support/servers.js';

describe('a command that is interrupted', () => {
  let home: string;
  beforeEach(async () => {
    ({ home } = await temporaryHome());
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** The processes of the local stack that have been started so far. */
  const processes = (): { name: string; pid: number; started: string }[] => {
    const record = join(home, 'stack.json');
    return existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')).processes : [];
  };
  const alive = () => processes().filter(({ pid, started }) => startTimeOf(pid) === started);

  async function ended(child: ChildProcess) {
    if (!child.stderr) throw new Error('The command has no output.');
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    return { code: code as number | null, stderr };
  }

  it('curator up stops the servers that it is still starting when its terminal is closed', async () => {
    const up = startCli(['up'], { CURATOR_HOME: home });
    const end = ended(up);
    await until(() => alive().length === 2);
    up.kill('SIGHUP');
    const { code, stderr } = await end;
    expect(stderr).toMatch(/Stopping … Press Ctrl-C again to stop at once\.\n/);
    expect(stderr).toMatch(/Everything has stopped\.\n$/);
    expect(code).toBe(0);
    expect(alive()).toEqual([]);
  });

  it('curator up ends at once after a second Ctrl-C and leaves no server behind', async () => {
    const up = startCli(['up'], { CURATOR_HOME: home });
    const end = ended(up);
    await until(() => alive().length === 2);
    const started = processes();
    up.stderr?.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('Press Ctrl-C again')) up.kill('SIGINT');
    });
    up.kill('SIGINT');
    expect((await end).code).toBe(130);
    await until(() => started.every(({ pid, started: at }) => startTimeOf(pid) !== at));
  });

  it('curator ingest --local stops its stack after Ctrl-C, ends, and says that the run continues', async () => {
    const zip = join(home, 'skin.zip');
    writeFileSync(zip, await roboflowArchive(24));
    const ingest = startCli(['ingest', zip, '--local', '--min-class-images', '2'], { CURATOR_HOME: home });
    const end = ended(ingest);
    ingest.stderr?.on('data', (chunk: Buffer) => {
      if (String(chunk).includes('inspecting')) ingest.kill('SIGINT');
    });
    const { code, stderr } = await end;
    expect(stderr).toMatch(
      /curator: Interrupted\. The local stack has stopped\. A run that was started continues with the next `curator up`\.\n$/,
    );
    expect(code).toBe(130);
    expect(alive()).toEqual([]);
  });

  it('curator check removes the temporary ZIP of a folder', async () => {
    const [folder, temporary] = [join(home, 'export'), join(home, 'tmp')];
    for (const made of [folder, temporary]) mkdirSync(made);
    for (let index = 0; index < 40; index += 1)
      writeFileSync(join(folder, `${index}.png`), await picture(index, 400, 300));
    const check = startCli(['check', folder], { CURATOR_HOME: home, TMPDIR: temporary });
    const end = ended(check);
    await until(() => readdirSync(temporary).some((name) => name.endsWith('.zip')));
    check.kill('SIGINT');
    expect((await end).code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await delay(5);
}
