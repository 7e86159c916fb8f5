import { type Command, Option } from 'commander';
import { DEFAULTS, isDatasetSetting, SETTING_NAMES, SETTINGS, type Settings } from '../config/settings.js';

/**
 * Adds a flag for each setting.
 * @param otherwise what applies without the flag; the default of the setting if it is undefined
 */
export function addSettings(command: Command, kind: 'dataset' | 'all', otherwise?: string): Command {
  for (const name of SETTING_NAMES.filter((one) => kind === 'all' || isDatasetSetting(one))) {
    const { flag, variable, help } = SETTINGS[name];
    const description = `${help} [${otherwise ?? `${variable}, default ${defaultOf(name)}`}]`;
    command.addOption(new Option(`--${flag} <value>`, description).helpGroup('Settings:'));
  }
  return command;
}

/** A duration in hours, as a person writes it. */
const defaultOf = (name: keyof Settings): string =>
  name === 'trainingTimeoutSecs' ? `${DEFAULTS[name] / 3600}h` : textOf(DEFAULTS[name]);

/** The texts of setting flags among parsed options, by the name of the setting. */
export function settingFlags(options: Readonly<Record<string, unknown>>): Record<string, string | undefined> {
  const flags: Record<string, string | undefined> = {};
  for (const name of SETTING_NAMES) {
    const camel = SETTINGS[name].flag.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
    const value = options[camel];
    if (typeof value === 'string') flags[name] = value;
  }
  return flags;
}

/** A setting's value as text; null and an empty text are shown as `none`. */
export const textOf = (value: Settings[keyof Settings] | undefined): string => String(value ?? '') || 'none';
