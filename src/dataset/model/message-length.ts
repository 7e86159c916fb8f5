import { shortInMiddle } from '../../lib/short-text.js';

/** Maximum characters of the message of a finding or a refusal. Longer ones are not read. */
export const MAX_MESSAGE = 300;

/** Maximum characters of a name in a message that would be too long: the first one with which the message fits. */
const NAME_LENGTHS = [80, 60, 40];
/** The same if the message has also lost sentences. */
const SHORT_NAME_LENGTHS = [40, 30, 20];
const LEAST_LENGTH = 20;
/** Characters from which a text with spaces is a long name. */
const LONG_NAME = 80;

/**
 * A message as one paragraph of at most `limit` characters. If it is longer, names are shortened in their middle, as little
 * as possible. What is wrong stands at the beginning of a message and what to do at its end, so that a message that is
 * still too long loses sentences between them.
 * @param names texts that the message may contain, such as paths. Words and quoted texts are found without them.
 */
export function asMessage(text: string, names: readonly string[] = [], limit = MAX_MESSAGE): string {
  const paragraph = text.replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ').trim();
  if (paragraph.length <= limit) return paragraph;
  const long = names
    .filter((name) => name.length > LONG_NAME && paragraph.includes(name))
    .sort((a, b) => b.length - a.length);
  // Names that are no words are only looked for if other names were not the reason.
  const shortened = (length: number) =>
    [[], long].map((known) => withShortNames(paragraph, known, length)).find((one) => one.length <= limit);
  for (const length of NAME_LENGTHS) {
    const short = shortened(length);
    if (short !== undefined) return short;
  }
  for (const length of SHORT_NAME_LENGTHS) {
    const short = withoutSentences(withShortNames(paragraph, long, length), limit);
    if (short.length <= limit) return short;
  }
  return shortInMiddle(withoutSentences(withShortNames(paragraph, long, LEAST_LENGTH), limit), limit);
}

/** Between two sentences; an alternative belongs to the sentence before it, without which it would be misread. */
const BETWEEN = /(?<=[.?!…]) (?=[\p{Lu}\d])(?!(?:Otherwise|If not|If so|Or)\b)/u;
const ALTERNATIVE = / (?:Otherwise|If not|If so|Or)\b.*$/;

/** The text without as many of the last sentences before the final one as it takes, then without its last alternative. */
function withoutSentences(text: string, limit: number): string {
  const sentences = text.split(BETWEEN);
  while (sentences.length > 2 && sentences.join(' ').length > limit) sentences.splice(-2, 1);
  const short = sentences.join(' ');
  return short.length > limit ? short.replace(ALTERNATIVE, '') : short;
}

function withShortNames(text: string, names: readonly string[], length: number): string {
  const short = (name: string) => shortInMiddle(name, length);
  const named = names
    .filter((name) => name.length > length)
    .reduce((one, name) => one.replaceAll(name, short(name)), text);
  return named
    .replace(/"[^"]*"/g, (quoted) => `"${short(quoted.slice(1, -1))}"`)
    .replace(/(\b[A-Z_]+=)?([^\s"]+)/g, (_word, setting = '', value: string) => `${setting}${short(value)}`);
}
