/** A text cut after `maximum` characters, which `…` marks. A character of two UTF-16 units is not cut apart. */
export function shortText(text: string, maximum: number): string {
  if (text.length <= maximum) return text;
  return `${text.slice(0, maximum).replace(/[\ud800-\udbff]$/, '')}…`;
}
