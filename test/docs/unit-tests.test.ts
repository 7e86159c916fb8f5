import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer, Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../../scripts/unit-tests.mjs', import.meta.url));

describe('the unit tests', () => {
  const chosen = execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' }).split('\n');

  it('the unit tests include tests of pure code', () => {
    expect(chosen).toContain('test/dataset/splitting/split.test.ts');
    expect(chosen).toContain('test/evaluation/metrics.test.ts');
  });

  it('the unit tests exclude tests that start servers, through support files too', () => {
    expect(chosen).not.toContain('test/stack/stack.test.ts');
    expect(chosen).not.toContain('test/client/client.test.ts');
    expect(chosen).not.toContain('test/docs/unit-tests.test.ts');
  });

  it('fail if they start a server or a process', async () => {
    // The prototypes belong to this process, which other tests share.
    const { listen } = Server.prototype;
    const spawnDescriptor = Object.getOwnPropertyDescriptor(ChildProcess.prototype, 'spawn') ?? {};
    await import('../support/no-servers.js');
    try {
      expect(() => createServer().listen(0)).toThrow('Unit tests start no server');
      expect(() => spawn(process.execPath, ['--version'])).toThrow('Unit tests start no server');
    } finally {
      Server.prototype.listen = listen;
      Object.defineProperty(ChildProcess.prototype, 'spawn', spawnDescriptor);
    }
  });
});
