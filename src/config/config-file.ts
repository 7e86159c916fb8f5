import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../lib/error-message.js';
import { UsageError } from '../lib/usage-error.js';
import { configFileSchema, type Settings } from './settings.js';

export const CONFIG_FILE = 'curator.config.json';

export interface ConfigFile {
  /** As it was named. */
  readonly name: string;
  readonly values: Partial<Settings>;
  readonly mistakes: readonly string[];
}

/**
 * The settings in `curator.config.json` of the folder that a command runs in, or in the file that CURATOR_CONFIG names.
 * No such file has none.
 * @throws UsageError where CURATOR_CONFIG names no file
 */
export function readConfigFile(env: NodeJS.ProcessEnv): ConfigFile {
  const named = env.CURATOR_CONFIG;
  const name = named || CONFIG_FILE;
  let text: string;
  try {
    text = readFileSync(named || join(process.cwd(), CONFIG_FILE), 'utf8');
  } catch (error) {
    if (!named && (error as NodeJS.ErrnoException).code === 'ENOENT')
      return { name, values: {}, mistakes: [] };
    throw new UsageError(`${name} can't be read: ${errorMessage(error)}`);
  }
  return { name, ...parse(name, text) };
}

function parse(name: string, text: string): Pick<ConfigFile, 'values' | 'mistakes'> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { values: {}, mistakes: [`${name} is not JSON.`] };
  }
  const parsed = configFileSchema.safeParse(document);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(
      ({ path, message }) => `${[name, ...path].join(': ')}: ${message}`,
    );
    return { values: {}, mistakes };
  }
  const { $schema: _, ...values } = parsed.data;
  return { values: values as Partial<Settings>, mistakes: [] };
}
