import { readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Where distributions install libfaketime: `/usr/lib/<machine>/faketime/` on Debian, `/usr/lib64/faketime/` on Fedora. */
const LIBRARY_FOLDERS = ['/usr/lib', '/usr/lib64', '/usr/local/lib'];
const LIBRARY = 'faketime/libfaketime.so.1';

/** The wall clock of processes that run with `env`. Their monotonic clock is the real one, as when a clock is set. */
export interface FakeClock {
  readonly env: NodeJS.ProcessEnv;
  /** Sets the clock to the real time plus some seconds. Processes follow within a second. */
  set(offsetSeconds: number): Promise<void>;
}

/** Creates a clock that a file in `folder` sets; undefined if libfaketime is not installed. */
export async function createFakeClock(folder: string): Promise<FakeClock | undefined> {
  const library = await findLibrary();
  if (library === undefined) return undefined;
  const file = join(folder, 'clock');
  const set = async (offsetSeconds: number) => {
    await writeFile(file, offsetSeconds < 0 ? `${offsetSeconds}` : `+${offsetSeconds}`);
  };
  await set(0);
  return {
    env: {
      ...{ LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: '1' },
      ...{ FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
    },
    set,
  };
}

async function findLibrary(): Promise<string | undefined> {
  for (const folder of LIBRARY_FOLDERS) {
    for (const name of ['.', ...(await namesIn(folder))]) {
      const library = join(folder, name, LIBRARY);
      if ((await namesIn(dirname(library))).includes(basename(library))) return library;
    }
  }
  return undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []);
}
