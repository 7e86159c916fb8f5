import { byCodePoint } from '../../lib/order.js';
import { plural } from '../../lib/plural.js';
import { DatasetError } from '../model/errors.js';
import type { FindingText } from '../model/findings.js';
import type { CocoFile } from './coco.js';
import type { ChosenRecords } from './join-files.js';
import type { Preference, Reason } from './preference.js';

/** Two COCO files that contradict each other. */
export interface Contradiction {
  readonly taken: string;
  readonly other: string;
  readonly why: Reason;
  /** Number of images for which they give different boxes. */
  readonly images: number;
  /** Number of images for which both have boxes. */
  readonly compared: number;
}

/** Share of the labelled images above which COCO files that contradict each other without evidence are refused. */
const MOST = 0.5;
/** Pairs of files that a message names. */
const MAX_PAIRS = 1;

interface Pair {
  readonly taken: CocoFile;
  readonly other: CocoFile;
  images: number;
  compared: number;
  /** Images that lie where the names of `taken` lead, and of which `other` only has the bare names. */
  nearer: number;
}

/** Counts contradictions by pair of files, the most frequent first. */
export function contradictionsOf(chosen: Iterable<ChosenRecords>, preference: Preference): Contradiction[] {
  const pairs = new Map<string, Pair>();
  for (const { own, compared } of chosen) {
    const [taken] = own;
    if (!taken) continue;
    for (const { other, contradicts } of compared) {
      const key = JSON.stringify([taken.file.path, other.file.path]);
      const none = { taken: taken.file, other: other.file, images: 0, compared: 0, nearer: 0 };
      const pair = pairs.get(key) ?? none;
      pair.images += Number(contradicts);
      pair.compared += 1;
      pair.nearer += Number(taken.found === 'path' && other.found !== 'path');
      pairs.set(key, pair);
    }
  }
  return [...pairs.values()]
    .filter(({ images }) => images > 0)
    .map(({ taken, other, images, compared, nearer }) => ({
      ...{ taken: taken.path, other: other.path, images, compared },
      why: preference.reason(taken, other, nearer === compared),
    }))
    .sort((a, b) => b.images - a.images || byCodePoint(a.taken, b.taken) || byCodePoint(a.other, b.other));
}

/**
 * Refuses COCO files that give different boxes for most of the labelled images, if nothing shows which file is right.
 * @param labelled number of images with boxes
 * @throws DatasetError CocoInvalid with the names of both files
 */
export function refuseContradictions(contradictions: readonly Contradiction[], labelled: number): void {
  const pair = contradictions.find(({ why, images }) => !why.decides && images > MOST * labelled);
  if (!pair) return;
  const { taken, other, images, compared } = pair;
  throw new DatasetError(
    'CocoInvalid',
    `${taken} and ${other} give different boxes or classes for ${images} of the ${plural(compared, 'image')} that both label, and nothing shows which file is right. Remove one of them from the archive.`,
    { file: other, count: images, examples: [taken, other] },
  );
}

/** The text of the finding on COCO files that contradict each other. */
export function disagreement(contradictions: readonly Contradiction[]): FindingText {
  const pairs = contradictions.slice(0, MAX_PAIRS).map(({ taken, other, why, images, compared }) => {
    const where = `${images} of the ${plural(compared, 'image')} that both label`;
    return `${taken} and ${other} in ${where} (the first was used, since ${why.text})`;
  });
  const others = contradictions.length - pairs.length;
  const more = others > 0 ? `; and ${plural(others, 'more pair')} of files` : '';
  return {
    headline: `COCO files give different boxes or classes for the same images, so boxes may be wrong: ${pairs.join('; ')}${more}.`,
    rest: 'Remove the outdated file.',
  };
}
