import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { escapedName, visibleName } from '../model/label-look.js';
import type { CocoFile } from './coco.js';

/**
 * Gives one name to classes whose names a person sees as the same, in all COCO files: the shortest of them, without outer
 * spaces.
 */
export function joinLabels(files: readonly CocoFile[]): CocoFile[] {
  const used = new Set(files.flatMap((file) => [...boxesByName(file).keys()]));
  const bySight = groupBy([...used].sort(byCodePoint), visibleName);
  const joined = new Map(
    [...bySight].flatMap(([sight, names]) => (names.length > 1 ? [[sight, shortest(names).trim()]] : [])),
  );
  if (joined.size === 0) return [...files];
  const names = new Set([...used, ...files.flatMap(({ defined }) => defined)]);
  const labels = new Map([...names].map((name) => [name, joined.get(visibleName(name)) ?? name]));
  const labelOf = (name: string) => labels.get(name) ?? name;
  return files.map((file) => ({
    ...file,
    defined: [...new Set(file.defined.map(labelOf))],
    images: file.images.map((image) => ({
      ...image,
      boxes: image.boxes.map((box) => ({ ...box, label: labelOf(box.label) })),
    })),
    spellings: [...boxesByName(file)].flatMap(([name, boxes]) =>
      joined.has(visibleName(name)) ? [{ label: labelOf(name), name, boxes }] : [],
    ),
  }));
}

const shortest = (sorted: readonly string[]) =>
  sorted.reduce((least, name) => (name.length < least.length ? name : least));

function boxesByName({ images }: CocoFile): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { boxes } of images) {
    for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

/** The finding on class names that were joined; undefined if there are none. */
export function joinedLabels(files: readonly CocoFile[]): DatasetFinding | undefined {
  const byLabel = groupBy(
    files.flatMap(({ spellings }) => spellings),
    ({ label }) => label,
  );
  const cases = [...byLabel.values()].flatMap((spellings) => {
    const byName = groupBy(spellings, ({ name }) => name);
    const counted = [...byName].map(([name, all]) => {
      const boxes = all.reduce((sum, one) => sum + one.boxes, 0);
      return `${escapedName(name)} (${plural(boxes, 'box')})`;
    });
    return counted.length > 1 ? [counted.sort(byCodePoint).join(' / ')] : [];
  });
  return warning(
    'LABELS_JOINED',
    cases.length,
    'Class names that differ only in characters that are not shown, or in spaces, were read as one class. Give the class one name in the labelling tool.',
    cases,
  );
}
