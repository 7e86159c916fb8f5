import { shortText } from '../lib/short-text.js';

/** Maximum characters of a value in a message. */
const MAX_SHOWN = 200;

/** The value of a variable or a flag for a message: on one line, and cut if it is long. */
export const shownValue = (value: string): string => shortText(value, MAX_SHOWN).replaceAll('\n', '\\n');
