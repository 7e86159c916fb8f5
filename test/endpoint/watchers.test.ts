import { beforeEach, describe, expect, it } from '@jest/globals';
import { NoRunError } from '../../src/client/errors.js';
import type { WatchOptions } from '../../src/client/watch.js';
import type { Progress } from '../../src/contracts/workflow-io.js';
import { type WatchEvent, Watchers } from '../../src/endpoint/watchers.js';

const step = (done: number) =>
  ({ stage: 'preprocessing', images: { done, total: 9, rejected: 0 } }) as Progress;
const news = (done: number): WatchEvent => ({ kind: 'progress', document: JSON.stringify(step(done)) });

/** A fake run that the test drives: the timing of a real one cannot be controlled. */
describe('Watchers', () => {
  let asked: number;
  let signals: AbortSignal[];
  let tell: (next: Progress | Error | 'silence' | 'end') => void;
  let watchers: Watchers;

  beforeEach(() => {
    asked = 0;
    signals = [];
    const queue: (Progress | Error | 'silence' | 'end')[] = [];
    let wake = () => {};
    tell = (next) => {
      queue.push(next);
      wake();
    };
    async function* watch(_: string, { signal, onUnavailable }: WatchOptions = {}): AsyncGenerator<Progress> {
      asked += 1;
      if (signal) signals.push(signal);
      for (;;) {
        const next = queue.shift();
        if (next === 'end') return;
        if (next instanceof Error) throw next;
        if (next === 'silence') onUnavailable?.('No worker responds.');
        else if (next) yield next;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    }
    watchers = new Watchers({ watch });
  });

  const follow = () => watchers.follow('skin', new AbortController().signal);
  const read = async (stream: AsyncGenerator<WatchEvent>) => (await stream.next()).value;

  it('shares one watch among all followers and starts each with the current state', async () => {
    const first = follow();
    tell(step(1));
    expect(await read(first)).toEqual(news(1));
    const late = follow();
    expect(await read(late)).toEqual(news(1));
    tell(step(2));
    expect(await Promise.all([read(first), read(late)])).toEqual([news(2), news(2)]);
    expect(asked).toBe(1);
  });

  it('yields only changes, and only the latest state to a slow reader', async () => {
    const stream = follow();
    const other = follow();
    for (const done of [1, 1, 1, 2]) tell(step(done));
    expect(await read(stream)).toEqual(news(1));
    expect(await read(stream)).toEqual(news(2));
    for (const done of [3, 4]) {
      tell(step(done));
      for (let seen = await read(other); JSON.stringify(seen) !== JSON.stringify(news(done)); ) {
        seen = await read(other);
      }
    }
    expect(await read(stream)).toEqual(news(4));
    tell('end');
    expect(await stream.next()).toMatchObject({ done: true });
  });

  it('reports that no worker responds and continues', async () => {
    const stream = follow();
    tell('silence');
    expect(await read(stream)).toEqual({ kind: 'unavailable', message: 'No worker responds.' });
    tell(step(1));
    expect(await read(stream)).toEqual(news(1));
  });

  it('throws the reason if there is no run', async () => {
    const stream = follow();
    tell(new NoRunError('No run found for the dataset skin.'));
    await expect(stream.next()).rejects.toThrow('No run found for the dataset skin.');
  });

  it('ends the watch with its last follower and starts a new one for the next', async () => {
    const leave = new AbortController();
    const stream = watchers.follow('skin', leave.signal);
    tell(step(1));
    await read(stream);
    const rest = stream.next();
    leave.abort();
    expect(await rest).toMatchObject({ done: true });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    const again = follow();
    tell(step(2));
    expect(await read(again)).toEqual(news(2));
    expect(asked).toBe(2);
  });

  it('ends every stream when the endpoint stops', async () => {
    const stream = follow();
    tell(step(1));
    await read(stream);
    const rest = stream.next();
    watchers.stop();
    expect(await rest).toMatchObject({ done: true });
  });
});
