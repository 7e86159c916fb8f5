import { type Command, Option } from 'commander';
import { DEFAULTS, isDatasetSetting, SETTING_NAMES, SETTINGS, type Settings } from '../config/settings.js';

/** Adds a flag for each setting; its value is a text under the setting's name, or absent. */
export function addSettings(command: Command, kind: 'dataset' | 'all'): Command {
  for (const name of SETTING_NAMES.filter((one) => kind === 'all' || isDatasetSetting(one))) {
    const { flag, variable, help } = SETTINGS[name];
    const description = `${help} [${variable}, default ${textOf(DEFAULTS[name])}]`;
    command.addOption(new Option(`--${flag} <value>`, description).helpGroup('Settings:'));
  }
  return command;
}

/** The settings among parsed options, by setting name. */
export function settingFlags(options: Readonly<Record<string, unknown>>): Record<string, string | undefined> {
  const flags: Record<string, string | undefined> = {};
  for (const name of SETTING_NAMES) {
    const camel = SETTINGS[name].flag.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
    const value = options[camel];
    if (typeof value === 'string') flags[name] = value;
  }
  return flags;
}

/** A setting's value as people read it; null is none. */
export const textOf = (value: Settings[keyof Settings] | undefined): string => String(value ?? 'none');
