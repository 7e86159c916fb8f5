// What the programs of this folder share: their arguments, and one line for an error instead of a stack trace.
import { existsSync } from 'node:fs';

/**
 * Returns the arguments. Exits with code 2 if an argument in <angle brackets> is missing, or if one that is named like a
 * file, such as <my.zip>, does not exist.
 */
export function readArguments(usage) {
  const args = process.argv.slice(2);
  const required = usage.match(/<[^>]+>/g) ?? [];
  if (args.length < required.length) stop(2, `usage: node examples/${usage}`);
  const absent = args.find((file, index) => /\.\w+>$/.test(required[index] ?? '') && !existsSync(file));
  if (absent !== undefined) stop(2, `${absent}: no such file. Usage: node examples/${usage}`);
  process.once('uncaughtException', ({ message }) => stop(1, message));
  return args;
}

function stop(exitCode, message) {
  console.error(message);
  process.exit(exitCode);
}
