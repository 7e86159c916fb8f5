import { plural } from '../../lib/plural.js';
import type { GroupCounts } from './counts.js';

/** The images that belong on one side of the split, by reason: `112 copies in 56 groups`. Undefined if there are none. */
export function keptTogether({ groups, images, sameSource, groupBy }: GroupCounts): string | undefined {
  const parts = [
    ...(groups > 0 ? [`${images} copies in ${plural(groups, 'group')}`] : []),
    ...(sameSource ? [`${sameSource.images} images of ${plural(sameSource.groups, 'source name')}`] : []),
    ...(groupBy
      ? [`${plural(groupBy.images, 'image')} in ${plural(groupBy.groups, 'group')} by GROUP_BY`]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
