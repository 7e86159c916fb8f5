/** A text as an argument for a shell: in single quotes, unless it has only characters that shells leave as they are. */
export const shellText = (text: string): string =>
  /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
