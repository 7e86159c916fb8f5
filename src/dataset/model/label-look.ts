/** Characters that are not shown: zero-width spaces and joiners, byte order marks, soft hyphens, variation selectors. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** A class name as a person sees it: without characters that are not shown, outer spaces and repeated spaces. */
export const visibleName = (name: string): string =>
  name.normalize('NFC').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();

/** Characters that are not shown, and spaces other than U+0020. */
const HIDDEN = /[^\S ]|[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** The same with the accents of decomposed letters. */
const HIDDEN_OR_ACCENTS = /[^\S ]|[\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}]/gu;

/** A class name as JSON, in which characters that a person cannot see or tell apart are escaped. */
export function escapedName(name: string): string {
  const isComposed = name === name.normalize('NFC');
  return JSON.stringify(name).replace(isComposed ? HIDDEN : HIDDEN_OR_ACCENTS, escaped);
}

const escaped = (character: string) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Letters of other scripts that look like Latin ones (Cyrillic, Greek), by their Latin counterparts. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аaеeоoрpсcуyхxіiјjѕsԁdһhαaοoνvρp'].flatMap((letter, i, all) =>
    i % 2 === 0 ? [[letter, all[i + 1] ?? letter]] : [],
  ),
);

/** What class names have in common that differ only in case, spaces, `_`, `-` or letters that look the same. */
export function lookOf(label: string): string {
  const letters = [...visibleName(label.normalize('NFKC')).toLowerCase()];
  return letters
    .map((letter) => LOOKALIKES[letter] ?? letter)
    .join('')
    .replace(/[\s_-]+/g, ' ')
    .trim();
}
