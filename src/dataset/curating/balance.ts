import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { bySortKey, type Candidate, countByLabel, labelsOf } from '../model/candidates.js';

/** Classes found in fewer than `minImages` images, the rarest first. */
export function rareClasses(
  images: readonly Candidate[],
  minImages: number,
): { label: string; images: number }[] {
  return [...countByLabel(images)]
    .filter(([, count]) => count < minImages)
    .map(([label, count]) => ({ label, images: count }))
    .sort((a, b) => a.images - b.images || byCodePoint(a.label, b.label));
}

/**
 * Chooses up to `cap` images per class, starting with the rarest class (ties by name). An image counts for all its
 * classes, so a class exceeds the cap only if it shares images with rarer classes. One image of each photo is chosen
 * before a second copy of any photo, in the order of the hash of seed and source name.
 */
export function capClasses(images: readonly Candidate[], cap: number): Set<Candidate> {
  const chosen = new Set<Candidate>();
  const chosenOf = new Map<string, number>();
  const copiesOf = new Map<string, number>();
  const rarestFirst = [...countByLabel(images)].sort(([a, m], [b, n]) => m - n || byCodePoint(a, b));
  const sorted = [...images].sort(bySortKey);
  const shown = sorted.flatMap((image) => [...labelsOf(image)].map((label) => ({ image, label })));
  const imagesOf = groupBy(shown, ({ label }) => label);
  for (const [label] of rarestFirst) {
    const open = (imagesOf.get(label) ?? []).flatMap(({ image }) => (chosen.has(image) ? [] : [image]));
    for (const image of firstCopiesFirst(open, copiesOf)) {
      if ((chosenOf.get(label) ?? 0) >= cap) break;
      chosen.add(image);
      copiesOf.set(image.group, (copiesOf.get(image.group) ?? 0) + 1);
      for (const own of labelsOf(image)) chosenOf.set(own, (chosenOf.get(own) ?? 0) + 1);
    }
  }
  return chosen;
}

/** Sorts by the number of copies of the same photo that were taken before, then by sort key (the order of `images`). */
function firstCopiesFirst(images: readonly Candidate[], taken: ReadonlyMap<string, number>): Candidate[] {
  const ahead = new Map<string, number>();
  const ranked = images.map((image, index) => {
    const copies = ahead.get(image.group) ?? taken.get(image.group) ?? 0;
    ahead.set(image.group, copies + 1);
    return { image, copies, index };
  });
  return ranked.sort((a, b) => a.copies - b.copies || a.index - b.index).map(({ image }) => image);
}
