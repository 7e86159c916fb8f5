import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { plural } from '../../lib/plural.js';
import { countByLabel, labelsOf } from '../model/candidates.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { lookOf } from '../model/label-look.js';
import type { CurationFacts } from './curation.js';
import type { TallyFacts } from './tally-facts.js';

/**
 * The finding on classes that were dropped although other classes have nearly the same name: together they might have
 * been kept. Names of one character do not count, since `a` and `A` are two letters.
 */
export function alikeDropped(
  { boxed: { candidates } }: Pick<TallyFacts, 'boxed'>,
  droppedClasses: CurationFacts['droppedClasses'],
): DatasetFinding | undefined {
  if (droppedClasses.length === 0) return undefined;
  const images = countByLabel(candidates);
  const dropped = new Set(droppedClasses.map(({ label }) => label));
  const byLook = groupBy([...images.keys()].sort(byCodePoint), lookOf);
  const alike = [...byLook].flatMap(([look, labels]) =>
    look.length > 1 && labels.length > 1 && labels.some((label) => dropped.has(label)) ? [labels] : [],
  );
  const lost = new Set(alike.flat().filter((label) => dropped.has(label)));
  const count = candidates.filter((image) => [...labelsOf(image)].some((label) => lost.has(label))).length;
  return warning(
    'LABELS_ALIKE_DROPPED',
    count,
    {
      headline: `${plural(count, 'image')} with classes that were dropped, though other classes have nearly the same names.`,
      rest: 'If they mean the same class, give them one name in the labelling tool.',
    },
    alike.map((labels) =>
      labels
        .map((label) => {
          const what = dropped.has(label) ? ', dropped' : '';
          return `${label} (${plural(images.get(label) ?? 0, 'image')}${what})`;
        })
        .join(' / '),
    ),
  );
}
