import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OfferedStep } from '../../src/cli/advice.js';
import type { IngestResult } from '../../src/contracts/workflow-io.js';
import { roboflowArchive } from '../support/archives.js';
import { startReady, stopProcess } from '../support/cli.js';
import { useCommands } from '../support/commands.js';
import { startTestServices, type TestServices } from '../support/services.js';

type Printed = IngestResult & { readonly nextSteps: readonly OfferedStep[] };

describe('curator rerun', () => {
  const cli = useCommands();
  const ends: (() => Promise<unknown>)[] = [];
  let services: TestServices;
  beforeAll(async () => {
    services = await startTestServices({});
    ends.push(services.stop);
    const worker = await startReady(['worker'], services.env);
    ends.push(() => stopProcess(worker.child));
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  const run = (...args: string[]) => cli(args, services.env);
  const printed = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout) as Printed;

  it('does what the summary advises: uses the images that balancing left out, and keeps the other settings', async () => {
    const zip = join(services.home, 'set.zip');
    await writeFile(zip, await roboflowArchive(24));
    const settings = ['--min-class-images', '2', '--per-class-cap', '4', '--val-split', '0.25'];
    const first = await printed('ingest', zip, '--dataset', 'skin', ...settings);
    expect(first.images?.left.balancedAway).toBeGreaterThan(0);
    const step = first.nextSteps.find(({ kind }) => kind === 'use-left-out');
    const [, ...args] = step?.command.split(' ') ?? [];
    expect(args.slice(0, 2)).toEqual(['rerun', 'skin']);
    const { stdout } = await run('status', 'skin');
    expect(stdout).toContain(`\n               ${step?.command}\n`);

    const second = await printed(...args);
    expect(second.images).toMatchObject({ used: 24, train: 18, val: 6, left: { balancedAway: 0 } });
    expect(second.nextSteps.map(({ kind }) => kind)).not.toContain('use-left-out');
    const again = await run('rerun', 'skin');
    expect(again.stderr).toContain('The latest run is done and has these settings. This is its result.');
    expect(again.code).toBe(0);
  });
});
