// Checks format, lint and the direction of imports. --write fixes what can be fixed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIOME = fileURLToPath(new URL('../node_modules/@biomejs/biome/bin/biome', import.meta.url));

const task = process.argv.includes('--write') ? ['check', '--write'] : ['ci', '--error-on-warnings'];
// Biome colours its output even if it is not shown on a terminal.
const colours = process.stdout.isTTY ? [] : ['--colors=off'];
const { status } = spawnSync(process.execPath, [BIOME, ...task, ...colours, '.'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
