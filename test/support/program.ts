import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a TypeScript program of the tests to its end, as `npm run fuzz` does. */
export async function runProgram(
  program: string,
  args: readonly string[],
): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(process.execPath, ['scripts/run-typescript.mjs', program, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code: code as number | null, stdout };
}
