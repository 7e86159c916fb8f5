import { shortText } from '../../lib/short-text.js';
import { UNSAFE_CHARACTERS } from '../../lib/shown-text.js';

/** Maximum characters per line of an error, whatever an argument or a variable contains. */
const MAX_ERROR_LINE = 2_000;

/**
 * A text in which terminals find no escape sequences. Names in archives, variables and answers of servers may contain
 * characters that move the cursor, change the title or turn a text around. They become `\u001b`, for example, which a
 * JSON document means the same by.
 */
export const visibleText = (text: string): string =>
  text.replace(
    UNSAFE_CHARACTERS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The text of an error as the terminal shows it: visible, and with lines of limited length. */
export const errorText = (text: string): string =>
  visibleText(
    text
      .split('\n')
      .map((line) => shortText(line, MAX_ERROR_LINE))
      .join('\n'),
  );

/** Prints a result: a text and a line break on stdout. */
export function printLine(text: string): void {
  process.stdout.write(`${visibleText(text)}\n`);
}

/** Prints a message about the work: a text and a line break on stderr. */
export function sayLine(text: string): void {
  process.stderr.write(`${visibleText(text)}\n`);
}
