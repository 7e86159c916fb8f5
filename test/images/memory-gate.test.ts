import { describe, expect, it } from '@jest/globals';
import { MemoryGate } from '../../src/images/memory-gate.js';

describe('MemoryGate', () => {
  /** Starts tasks of these weights; returns the names of the running ones, and a function that ends one. */
  function started(gate: MemoryGate, weights: Readonly<Record<string, number>>) {
    const running = new Set<string>();
    const ends = new Map<string, (error?: Error) => void>();
    for (const [name, weight] of Object.entries(weights)) {
      const task = gate.run(weight, async () => {
        running.add(name);
        await new Promise<void>((done, fail) => {
          ends.set(name, (error) => (error ? fail(error) : done()));
        }).finally(() => running.delete(name));
      });
      task.catch(() => undefined);
    }
    const settled = () => new Promise((done) => setImmediate(done));
    return {
      names: async () => {
        await settled();
        return [...running];
      },
      end: (name: string, error?: Error) => ends.get(name)?.(error),
    };
  }

  it('runs tasks together while their memory fits, and in the order in which they came', async () => {
    const { names, end } = started(new MemoryGate(10), { a: 6, b: 4, c: 8, d: 1 });
    expect(await names()).toEqual(['a', 'b']);
    end('b');
    expect(await names()).toEqual(['a']);
    end('a');
    expect(await names()).toEqual(['c', 'd']);
  });

  it('runs a task that needs more than all memory alone', async () => {
    const { names, end } = started(new MemoryGate(10), { a: 1, huge: 50, b: 1 });
    expect(await names()).toEqual(['a']);
    end('a');
    expect(await names()).toEqual(['huge']);
    end('huge');
    expect(await names()).toEqual(['b']);
  });

  it('never lets a task without memory wait', async () => {
    const { names } = started(new MemoryGate(10), { huge: 50, waiting: 5, small: 0 });
    expect(new Set(await names())).toEqual(new Set(['huge', 'small']));
  });

  it('releases the memory of a task that fails', async () => {
    const { names, end } = started(new MemoryGate(10), { a: 10, b: 10 });
    expect(await names()).toEqual(['a']);
    end('a', new Error('damaged'));
    expect(await names()).toEqual(['b']);
  });
});
