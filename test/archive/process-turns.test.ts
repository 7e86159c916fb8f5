import { describe, expect, it } from '@jest/globals';
import { inProcessTurn } from '../../src/pipeline/process-turns.js';

/** Starts processes that end when they are told to. */
function processes() {
  const running: string[] = [];
  const ends = new Map<string, () => void>();
  const start = (name: string, isLarge: boolean, signal?: AbortSignal) =>
    inProcessTurn(isLarge, signal, async () => {
      running.push(name);
      await new Promise<void>((end) => ends.set(name, end));
      running.splice(running.indexOf(name), 1);
      return name;
    });
  const settled = () => new Promise((done) => setImmediate(done));
  return { start, running, end: (name: string) => ends.get(name)?.(), settled };
}

describe('processes that inspect or curate datasets', () => {
  it('run one after another, but small datasets do not wait behind large ones', async () => {
    const { start, running, end, settled } = processes();
    const all = [start('l1', true), start('l2', true), start('s1', false), start('s2', false)];
    await settled();
    expect(running).toEqual(['l1', 's1']);
    end('s1');
    await settled();
    expect(running).toEqual(['l1', 's2']);
    end('l1');
    end('s2');
    await settled();
    expect(running).toEqual(['l2']);
    end('l2');
    expect(await Promise.all(all)).toEqual(['l1', 'l2', 's1', 's2']);
  });

  it('that wait end at once if they are aborted, and do not start later', async () => {
    const { start, running, end, settled } = processes();
    const first = start('first', false);
    const aborter = new AbortController();
    const waiting = start('waiting', false, aborter.signal);
    await settled();
    aborter.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    end('first');
    await first;
    await settled();
    expect(running).toEqual([]);
  });

  it('that run have ended when an aborted task returns', async () => {
    const { start, running, end, settled } = processes();
    const aborter = new AbortController();
    let isOver = false;
    const task = start('aborted', false, aborter.signal).finally(() => {
      isOver = true;
    });
    await settled();
    aborter.abort(new Error('stopped'));
    await settled();
    expect([isOver, running]).toEqual([false, ['aborted']]);
    end('aborted');
    await task;
    expect(running).toEqual([]);
  });
});
