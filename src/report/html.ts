import { shownText } from '../lib/shown-text.js';

/** Escaped HTML. Only `html` creates it, so that no text of an archive becomes markup by mistake. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | null | readonly Part[];

/** Template tag that escapes its values unless they are `Html`; lists are joined, null is empty. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(
    strings.map((string, i) => (i === 0 ? '' : toText(values[i - 1] ?? null)) + string).join(''),
  );
}

function toText(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(toText).join('');
  return escapeText(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a text for element content and quoted attributes. Control characters and direction marks are replaced by U+FFFD. */
const escapeText = (text: string): string =>
  shownText(text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? ''));
