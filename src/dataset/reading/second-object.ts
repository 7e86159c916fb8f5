import type { Steps } from '../../lib/steps.js';
import type { JsonFile } from './json-file.js';
import { JsonText } from './json-text.js';

/** The beginning of a COCO object that is neither the beginning of the file nor the value of a member. */
const BEGINNING =
  /\{(?<=[^:\s]\s{0,20}\{)\s{0,20}"(?:info|licenses|images|categories|annotations)"\s{0,20}:\s{0,20}[[{]/;
/** Maximum bytes of it. Pieces of the file overlap by as many. */
const LENGTH = 128;

/**
 * Finds a COCO object in the middle of an object that is not complete, as a program leaves it that adds to a file instead
 * of replacing it. Returns the byte at which it begins in the file as UTF-8. Yields regularly.
 */
export function* secondObjectIn(file: JsonFile): Steps<number | undefined> {
  const text = new JsonText(file, false);
  try {
    let before = '';
    for (let piece = yield* text.next(); piece !== undefined; piece = yield* text.next()) {
      // Each byte as one character, so that positions are bytes.
      const part = before + Buffer.from(piece).toString('latin1');
      const found = BEGINNING.exec(part);
      if (found) return text.bytes - part.length + found.index;
      before = part.slice(-LENGTH);
      yield;
    }
    return undefined;
  } finally {
    text.close();
  }
}
