import { join } from 'node:path';
import { errorMessage } from '../lib/error-message.js';
import { readRegularFile } from '../lib/read-regular-file.js';
import { UsageError } from '../lib/usage-error.js';
import { configFileSchema, type Settings } from './settings.js';

export const CONFIG_FILE = 'curator.config.json';
/** Maximum bytes of a configuration file: hundreds of times the size of one with all settings. */
const MAX_BYTES = 1024 * 1024;

export interface ConfigFile {
  /** Path or file name, for messages. */
  readonly name: string;
  readonly values: Partial<Settings>;
  readonly mistakes: readonly string[];
}

/** The path of the configuration file, which need not exist: that of CURATOR_CONFIG, else one in the working directory. */
export const configFileOf = ({ CURATOR_CONFIG }: NodeJS.ProcessEnv = process.env): string =>
  CURATOR_CONFIG || join(process.cwd(), CONFIG_FILE);

/**
 * Reads the settings in `curator.config.json` in the working directory, or in the file that CURATOR_CONFIG names.
 * Without such a file there are no values and no mistakes.
 * @throws UsageError if the file cannot be read
 */
export function readConfigFile(env: NodeJS.ProcessEnv): ConfigFile {
  const named = env.CURATOR_CONFIG;
  const name = named || CONFIG_FILE;
  let text: string;
  try {
    text = readRegularFile(configFileOf(env), MAX_BYTES).toString('utf8');
  } catch (error) {
    if (!named && (error as NodeJS.ErrnoException).code === 'ENOENT')
      return { name, values: {}, mistakes: [] };
    throw new UsageError(`${name} cannot be read: ${errorMessage(error)}`);
  }
  return { name, ...parse(name, text) };
}

function parse(name: string, text: string): Pick<ConfigFile, 'values' | 'mistakes'> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { values: {}, mistakes: [`${name} is not valid JSON.`] };
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
