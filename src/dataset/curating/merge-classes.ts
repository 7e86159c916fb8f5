import { nearNames } from '../../lib/near-names.js';
import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural } from '../../lib/plural.js';
import { shortInMiddle } from '../../lib/short-text.js';
import { parseClassMerges } from '../model/class-merges.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { visibleName } from '../model/label-look.js';
import type { CurateInput } from './input.js';

/** Maximum classes that a message names, and characters of their names. */
const MAX_NAMED = 5;
const MAX_CHARACTERS = 20;

/** The input with the classes renamed as MERGE_CLASSES says; the same input without the setting. */
export function mergeClasses(input: CurateInput): CurateInput {
  const names = namesOf(input);
  if (names.size === 0) return input;
  const images = input.images.map((one) => ({
    ...one,
    image: {
      ...one.image,
      boxes: one.image.boxes.map((box) => ({
        ...box,
        label: names.get(visibleName(box.label)) ?? box.label,
      })),
    },
  }));
  return { ...input, images };
}

/**
 * Refuses names in MERGE_CLASSES that no box has: the classes that were meant would be trained apart.
 * @throws DatasetError
 */
export function refuseUnknownMerges(input: CurateInput): void {
  const names = namesOf(input);
  if (names.size === 0) return;
  const labels = new Set(input.images.flatMap(({ image }) => image.boxes.map(({ label }) => label)));
  // Other refusals say why there are no boxes.
  if (labels.size === 0) return;
  const visible = new Set([...labels].map(visibleName));
  const unknown = [...names.keys()].filter((name) => !visible.has(name));
  if (unknown.length === 0) return;
  const known = [...labels].sort(byCodePoint);
  const near = [...new Set(unknown.flatMap((name) => nearNames(name, known)))];
  const having = near.length > 0 ? `Similar names: ${listed(near)}.` : `The dataset has ${listed(known)}.`;
  throw new DatasetError(
    'DatasetInvalid',
    `No box has ${agreeing(unknown.length, 'the class', 'the classes')} ${listed(unknown)} of MERGE_CLASSES. ${having} Correct or remove ${agreeing(unknown.length, 'the name', 'the names')}.`,
    { examples: unknown.slice(0, MAX_REFUSAL_EXAMPLES) },
  );
}

/** The first names, and how many more there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED).map((name) => shortInMiddle(name, MAX_CHARACTERS));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${plural(more, 'other')}` : shown.join(', ');
}

/** Runs of earlier versions do not have the setting. */
const namesOf = ({ settings: { mergeClasses: text = '' } }: CurateInput) => parseClassMerges(text);
