import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { roboflowArchive } from '../support/archives.js';
import { startReady, stopProcess } from '../support/cli.js';
import { useCommands } from '../support/commands.js';
import { startTestServices, type TestServices } from '../support/services.js';

describe('curator attach', () => {
  const cli = useCommands();
  const ends: (() => Promise<unknown>)[] = [];
  let services: TestServices;
  beforeAll(async () => {
    services = await startTestServices({ trainingMs: 5_000 });
    ends.push(services.stop);
    const worker = await startReady(['worker'], services.env);
    ends.push(() => stopProcess(worker.child));
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  const run = (...args: string[]) => cli(args, services.env);

  it('completes a training after its run has failed at the timeout, and status says so', async () => {
    const zip = join(services.home, 'set.zip');
    await writeFile(zip, await roboflowArchive(20));
    const ingested = await run(
      ...['ingest', zip, '--dataset', 'late', '--min-class-images', '2', '--training-timeout', '1s'],
    );
    expect(ingested.code).toBe(1);
    expect(ingested.stdout).toMatch(/^outcome +failed: .* has taken \d s, longer than --training-timeout/m);
    expect((await run('status', 'late')).stdout).not.toMatch(/since then/);

    const attached = await run('attach', 'late');
    expect(attached.stdout).toMatch(/^F1 overall +\d\.\d{3}/m);
    const { stdout } = await run('status', 'late');
    expect(stdout).toMatch(/^since then +the training was completed: model [0-9a-f]{16}-r1, F1 \d\.\d{3}/m);
    expect(stdout).toMatch(/^next +curator models late, curator report late --open$/m);
    expect(stdout).not.toMatch(/earlier run/);
  });
});
