import { z } from 'zod';
import type { FuzzTarget } from './target.js';
import { TARGETS } from './targets.js';

// The process that reads inputs. The parent ends it when an input takes too long, and starts another when it crashes.

export const jobSchema = z.object({
  target: z.string(),
  seed: z.number(),
  /** An input to replay, in base64; without it the input of the seed is made. */
  input: z.string().optional(),
});
export type FuzzJob = z.infer<typeof jobSchema>;

/** `reading` is sent when the input was made and its reading begins. */
export const answerSchema = z.union([
  z.object({ reading: z.literal(true) }),
  z.object({ problem: z.string().nullable(), ms: z.number() }),
]);
type Answer = z.infer<typeof answerSchema>;

/** Serves jobs until the parent disconnects. */
export function serveJobs(): void {
  const targets = new Map<string, FuzzTarget>();
  const send = (answer: Answer) => process.send?.(answer);
  const answer = (problem: string | null, ms: number) => send({ problem, ms });
  process.on('unhandledRejection', (reason) => answer(`unhandled rejection: ${describe(reason)}`, 0));
  process.on('uncaughtException', (error) => answer(`uncaught exception: ${describe(error)}`, 0));
  process.on('disconnect', () => process.exit());
  process.on('message', async (message) => {
    const job = jobSchema.parse(message);
    const target = targets.get(job.target) ?? started(job.target);
    targets.set(job.target, target);
    const input = job.input === undefined ? await target.make(job.seed) : Buffer.from(job.input, 'base64');
    send({ reading: true });
    const start = performance.now();
    const problem = await target.run(input).then(() => null, describe);
    // A rejection that nobody handles is reported in the next turn.
    await new Promise((done) => setImmediate(done));
    answer(problem, performance.now() - start);
  });
}

function started(name: string): FuzzTarget {
  const start = TARGETS.get(name);
  if (!start) throw new Error(`${name} is not a target: use one of ${[...TARGETS.keys()].join(', ')}.`);
  return start();
}

const describe = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
