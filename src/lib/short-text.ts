/** A text cut after `maximum` characters, which `…` marks. A character of two UTF-16 units is not cut apart. */
export function shortText(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  return `${beginning(text, maximum)}…`;
}

/** A text of at most `maximum` characters: of a longer one the middle is left out, which `…` marks. */
export function shortInMiddle(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  const end = Math.floor((maximum - 1) / 2);
  return `${beginning(text, maximum - 1 - end)}…${end === 0 ? '' : ending(text, end)}`;
}

const beginning = (text: string, length: number) => text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
const ending = (text: string, length: number) => text.slice(-length).replace(/^[\udc00-\udfff]/, '');
