// Ratios of a measurement to code that is not ours, which depend less on the machine than seconds do.
import { readFile, writeFile } from 'node:fs/promises';

/** A ratio may be this much above the recorded one. */
const MAX_LOSS = 1.15;

/** Options of the command line that each measurement with ratios has. */
export const RATIO_OPTIONS = {
  check: { type: 'boolean', default: false },
  record: { type: 'boolean', default: false },
};

/**
 * With `--record`, writes the result with its `ratios` to bench/<name>.json. With `--check`, the process fails if a ratio is
 * more than 15 % above the recorded one.
 */
export async function recordOrCheck(name, { check, record }, result) {
  const file = new URL(`./${name}.json`, import.meta.url);
  if (record) await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
  if (!check) return;
  const recorded = JSON.parse(await readFile(file, 'utf8')).ratios;
  for (const [ratio, value] of Object.entries(result.ratios)) {
    if (value <= recorded[ratio] * MAX_LOSS) continue;
    process.stderr.write(`${ratio}: the ratio is ${value}; ${recorded[ratio]} is recorded.\n`);
    process.exitCode = 1;
  }
}
