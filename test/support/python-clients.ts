import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;
const PACKAGES = ['boto3>=1.44,<2', 'awscli>=1.46,<2'];

export interface PythonClients {
  /** Folder with the executables `python` and `aws`. */
  readonly bin: string;
  remove(): Promise<void>;
}

/** Installs Python packages into a virtual environment (default: the AWS clients); returns the reason if that fails. */
export async function installPythonClients(
  packages: readonly string[] = PACKAGES,
): Promise<PythonClients | { missing: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'curator-clients-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_TIMEOUT_MS });
    await run(
      join(folder, 'bin', 'python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages],
      { timeout: INSTALL_TIMEOUT_MS },
    );
    return { bin: join(folder, 'bin'), remove };
  } catch (error) {
    await remove();
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const [reason] = (stderr.trim() || message).split('\n').slice(-1);
    return { missing: `Python with venv and pip can't install ${packages.join(', ')}: ${reason}` };
  }
}
