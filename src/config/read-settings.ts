import type { RunSettings } from '../contracts/workflow-io.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { UsageError } from '../lib/usage-error.js';
import { readConfigFile } from './config-file.js';
import {
  DEFAULTS,
  isDatasetSetting,
  SETTING_NAMES,
  SETTINGS,
  type Setting,
  type Settings,
} from './settings.js';
import { shownValue } from './shown-value.js';

export interface ReadSettings {
  readonly dataset: DatasetSettings;
  readonly run: RunSettings;
  /** The source of each setting: `--<flag>`, the name of a variable or of a file, or `default`. */
  readonly sources: Readonly<Record<keyof Settings, string>>;
}

/**
 * Reads each setting from its flag, else its variable, else `curator.config.json`, else the default. `flags` holds
 * the texts of flags by the name of the setting.
 * @throws UsageError with one line per mistake
 */
export function readSettings(
  flags: Readonly<Record<string, string | undefined>>,
  env: NodeJS.ProcessEnv = process.env,
): ReadSettings {
  const file = readConfigFile(env);
  const mistakes = [...file.mistakes];
  const values: Partial<Record<keyof Settings, unknown>> = {};
  const sources: Partial<Record<keyof Settings, string>> = {};
  for (const name of SETTING_NAMES) {
    const { variable, flag } = SETTINGS[name];
    // An empty variable is not set; an empty flag is a value, which numbers do not accept.
    const text = flags[name] ?? (env[variable] || undefined);
    const inFile = Object.hasOwn(file.values, name);
    values[name] = inFile ? file.values[name] : DEFAULTS[name];
    if (text === undefined) {
      sources[name] = inFile ? file.name : 'default';
    } else {
      sources[name] = flags[name] === undefined ? variable : `--${flag}`;
      parseText(name, text, sources[name], values, mistakes);
    }
  }
  // Each value has passed the schema of its name, or is its default.
  const settings = values as Settings;
  const part = (isPart: (name: keyof Settings) => boolean) =>
    Object.fromEntries(SETTING_NAMES.filter(isPart).map((name) => [name, settings[name]]));
  const dataset = part(isDatasetSetting) as unknown as DatasetSettings;
  const run = { ...part((name) => !isDatasetSetting(name)), trainingAttempt: 1 } as RunSettings;
  const isTerminal = Object.values(flags).some((text) => text !== undefined);
  const nameOf = (name: keyof Settings) => {
    const { variable, flag } = SETTINGS[name];
    return sources[name] === variable || !isTerminal ? variable : `--${flag}`;
  };
  mistakes.push(...contradictions(dataset, run, nameOf));
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  return { dataset, run, sources: sources as ReadSettings['sources'] };
}

/**
 * Reads the dataset settings whose flags are given, and no others: a run keeps the values of the last one for them.
 * @throws UsageError with one line per mistake
 */
export function readFlags(flags: Readonly<Record<string, string | undefined>>): Partial<DatasetSettings> {
  const mistakes: string[] = [];
  const values: Partial<Record<keyof Settings, unknown>> = {};
  for (const name of SETTING_NAMES.filter(isDatasetSetting)) {
    const text = flags[name];
    if (text !== undefined) parseText(name, text, `--${SETTINGS[name].flag}`, values, mistakes);
  }
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  return values as Partial<DatasetSettings>;
}

/** Adds the value of a setting's text to `values`, or what is wrong with it to `mistakes`. */
function parseText(
  name: keyof Settings,
  text: string,
  source: string,
  values: Partial<Record<keyof Settings, unknown>>,
  mistakes: string[],
): void {
  const { text: reader, value }: Setting<unknown> = SETTINGS[name];
  const parsed = reader.pipe(value).safeParse(text);
  if (parsed.success) values[name] = parsed.data;
  else mistakes.push(`${source}=${shownValue(text)}: ${parsed.error.issues[0]?.message}`);
}

/** Pairs of settings of which each is valid but not both together, as messages that name settings by `nameOf`. */
export function contradictions(
  settings: DatasetSettings,
  { preprocess }: Pick<RunSettings, 'preprocess'>,
  nameOf: (name: keyof Settings) => string = (name) => SETTINGS[name].variable,
): string[] {
  const { enableBalance, perClassCap, minClassImages, tiles } = settings;
  const found: string[] = [];
  if (enableBalance && perClassCap < minClassImages) {
    found.push(
      `${nameOf('perClassCap')}=${perClassCap} is below ${nameOf('minClassImages')}=${minClassImages}: every class would be dropped or capped below its minimum`,
    );
  }
  if (tiles > 1 && preprocess === 'external') {
    found.push(
      `${nameOf('tiles')}=${tiles} needs ${nameOf('preprocess')}=internal: an external system does not cut tiles`,
    );
  }
  return found;
}
