import { UsageError } from '../lib/usage-error.js';
import { type Environment, readEnvironment } from './environment.js';
import { type ReadSettings, readSettings } from './read-settings.js';

/** The complete configuration of a process. */
export interface Configuration {
  readonly environment: Environment;
  readonly settings: ReadSettings;
}

/**
 * Reads environment and settings together.
 * @throws UsageError with one line per mistake of either
 */
export function readConfiguration(
  env: NodeJS.ProcessEnv = process.env,
  flags: Readonly<Record<string, string | undefined>> = {},
): Configuration {
  const mistakes: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(error.message);
      return undefined;
    }
  };
  const environment = attempt(() => readEnvironment(env));
  const settings = attempt(() => readSettings(flags, env));
  if (!environment || !settings) throw new UsageError(mistakes.join('\n'));
  return { environment, settings };
}
