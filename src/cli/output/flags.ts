import { SETTINGS } from '../../config/settings.js';

const FLAGS = new Map(Object.values(SETTINGS).map(({ variable, flag }) => [variable, `--${flag}`]));
const VARIABLES = new RegExp(`\\b(?:${[...FLAGS.keys()].join('|')})\\b`, 'g');

/** A message with the variables of settings replaced by flags, which is how the terminal names settings. */
export const inFlags = (message: string): string =>
  message.replace(VARIABLES, (variable) => FLAGS.get(variable) ?? variable);
