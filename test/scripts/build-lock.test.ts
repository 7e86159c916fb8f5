import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const LOCK_MODULE = new URL('../../scripts/build-lock.mjs', import.meta.url).href;

/** Takes the lock, says so, and ends when its input does. */
const BUILDER = `
  const { takeBuildLock } = await import(${JSON.stringify(LOCK_MODULE)});
  takeBuildLock(process.argv[1], (message) => console.log(message));
  console.log('building');
  process.stdin.resume();
`;

describe('the lock of builds', () => {
  let folder: string;
  let lock: string;
  let children: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'curator-lock-'));
    lock = join(folder, 'lock');
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  function build() {
    const child = spawn(process.execPath, ['--input-type=module', '-e', BUILDER, lock], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      child,
      says: async () => (await lines.next()).value as string | undefined,
      end: async () => {
        const ended = once(child, 'exit');
        child.stdin.end();
        await ended;
      },
    };
  }

  it('a second build says for which process it waits, and starts when the first has ended', async () => {
    const first = build();
    expect(await first.says()).toBe('building');
    const second = build();
    expect(await second.says()).toContain(`process ${first.child.pid} is building; waiting for it.`);
    await first.end();
    expect(await second.says()).toBe('building');
    await second.end();
    expect(existsSync(lock)).toBe(false);
  });

  it('several builds that wait for one start one after the other', async () => {
    const first = build();
    await first.says();
    const others = [build(), build(), build()];
    for (const other of others) expect(await other.says()).toContain('is building');
    await first.end();
    const waiting = new Map(others.map((other) => [other, other.says().then(() => other)]));
    for (let count = others.length; count > 0; count--) {
      const started = await Promise.race(waiting.values());
      waiting.delete(started);
      await started.end();
    }
    expect(existsSync(lock)).toBe(false);
  });

  it('a build that was killed does not block the next one', async () => {
    const killed = build();
    await killed.says();
    const ended = once(killed.child, 'exit');
    killed.child.kill('SIGKILL');
    await ended;
    expect(existsSync(lock)).toBe(true);
    expect(await build().says()).toBe('building');
  });

  it('a lock file of a process that does not exist does not block a build', async () => {
    writeFileSync(lock, '4194305\n');
    expect(await build().says()).toBe('building');
  });
});
