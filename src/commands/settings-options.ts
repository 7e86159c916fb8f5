import { type Command, Option } from 'commander';
import { defaultOf, SETTINGS } from '../config.js';

type Name = keyof typeof SETTINGS;

const DATASET_SETTINGS: readonly Name[] = [
  'valSplit',
  'enableBalance',
  'perClassCap',
  'minClassImages',
  'minBoxPx',
  'maxBoxPerImage',
  'imageMaxSide',
  'exifBoxes',
  'keepCrowd',
  'maxRejectedRatio',
  'seed',
];
const RUN_SETTINGS: readonly Name[] = [
  'waitPreprocReadySecs',
  'preprocess',
  'manifestAccess',
  'requireApproval',
  'trainingTimeoutSecs',
  'minF1',
];

/** Adds a flag for each setting; its value is a text under the setting's name, or absent. */
export function addSettings(command: Command, kind: 'dataset' | 'all'): Command {
  const names = kind === 'all' ? [...DATASET_SETTINGS, ...RUN_SETTINGS] : DATASET_SETTINGS;
  for (const name of names) {
    const { flag, variable, help } = SETTINGS[name];
    command.addOption(
      new Option(`--${flag} <value>`, `${help} [${variable}, default ${defaultOf(name)}]`).helpGroup(
        'Settings:',
      ),
    );
  }
  return command;
}

/** The settings among parsed options, by setting name. */
export function settingFlags(options: Readonly<Record<string, unknown>>): Record<string, string | undefined> {
  const flags: Record<string, string | undefined> = {};
  for (const name of [...DATASET_SETTINGS, ...RUN_SETTINGS]) {
    const camel = SETTINGS[name].flag.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
    const value = options[camel];
    if (typeof value === 'string') flags[name] = value;
  }
  return flags;
}
