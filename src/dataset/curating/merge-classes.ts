import { byCodePoint } from '../../lib/order.js';
import { parseClassMerges } from '../model/class-merges.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { visibleName } from '../model/label-look.js';
import type { CurateInput } from './input.js';

/** Maximum classes of the dataset that the message names. */
const MAX_NAMED = 10;

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

/** Warns about classes that MERGE_CLASSES names and no box has. */
export function mergesUnmatched(input: CurateInput): DatasetFinding | undefined {
  const names = namesOf(input);
  if (names.size === 0) return undefined;
  const labels = new Set(input.images.flatMap(({ image }) => image.boxes.map(({ label }) => label)));
  const visible = new Set([...labels].map(visibleName));
  const unknown = [...names.keys()].filter((name) => !visible.has(name));
  const known = [...labels].sort(byCodePoint).slice(0, MAX_NAMED);
  return warning(
    'MERGE_CLASSES_UNMATCHED',
    unknown.length,
    `MERGE_CLASSES=${input.settings.mergeClasses} names classes that no box has. Write the names as the dataset has them: ${known.join(', ')}${labels.size > known.length ? ' …' : ''}.`,
    unknown,
  );
}

/** Runs of earlier versions do not have the setting. */
const namesOf = ({ settings: { mergeClasses: text = '' } }: CurateInput) => parseClassMerges(text);
