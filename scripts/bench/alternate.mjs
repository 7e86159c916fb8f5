// Measures several ways to do the same work in turns, so that what else the machine does affects all of them.
import { mediansOf } from './medians.mjs';

/**
 * Runs each way once to warm up, then in each round, beginning with another way each time.
 * @param ways functions by name; each gets a name of its own for its output
 * @param measure runs the function it gets, and returns figures by name
 * @returns the figures of each round, and their medians, by way
 */
export async function alternate(ways, rounds, measure) {
  const names = Object.keys(ways);
  for (const name of names) await ways[name](`${idOf(name)}-warm`);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const start = round % names.length;
    for (const name of [...names.slice(start), ...names.slice(0, start)]) {
      measured[name].push(await measure(() => ways[name](`${idOf(name)}-${round}`)));
      process.stderr.write(`round ${round + 1}, ${name}: ${JSON.stringify(measured[name].at(-1))}\n`);
    }
  }
  const medians = Object.fromEntries(Object.entries(measured).map(([name, all]) => [name, mediansOf(all)]));
  return { rounds: measured, medians };
}

/** Names of datasets have small letters, digits and dashes only. */
const idOf = (name) => name.replaceAll(/[^a-z0-9]+/gu, '-');
