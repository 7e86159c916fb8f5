import type { GroupCounts, ImageCounts } from '../../../src/contracts/workflow-io.js';
import { keptTogether } from '../../../src/dataset/model/kept-together.js';
import { LEFT_NAMES, tilesText } from '../../../src/dataset/model/outcome-names.js';
import { count, plural, share } from '../format.js';
import { inPageWords } from '../page-words.js';

interface Part {
  readonly name: string;
  readonly kind: string;
  readonly images: number;
}

function partsOf({ train, val, rejected, left }: ImageCounts): Part[] {
  return [
    { name: 'train', kind: 'train', images: train },
    { name: 'val', kind: 'val', images: val },
    { name: LEFT_NAMES.balancedAway, kind: 'left-balance', images: left.balancedAway },
    { name: LEFT_NAMES.neverAnnotated, kind: 'left-plain', images: left.neverAnnotated },
    { name: LEFT_NAMES.emptiedByBoxRules, kind: 'left-boxes', images: left.emptiedByBoxRules },
    { name: LEFT_NAMES.emptiedByClassDrop, kind: 'left-class', images: left.emptiedByClassDrop },
    { name: 'rejected', kind: 'rejected', images: rejected },
  ].filter(({ images }) => images > 0);
}

/** The number of used images, of the others per reason, and of the images that belong on one side of the split. */
export function Usage({ images, groups }: { images: ImageCounts; groups: GroupCounts | null | undefined }) {
  const parts = partsOf(images);
  const together = groups ? keptTogether(groups) : undefined;
  return (
    <section class="usage" aria-labelledby="usage-title">
      <h2 id="usage-title">
        Used {count(images.used)} of {plural(images.found, 'image')}
      </h2>
      <div class="stack" aria-hidden="true">
        {parts.map(({ name, kind, images: n }) => (
          <span key={name} class={kind} style={{ width: `${share(n, images.found)}%` }} />
        ))}
      </div>
      <ul class="legend">
        {parts.map(({ name, kind, images: n }) => (
          <li key={name}>
            <span class={`swatch ${kind}`} aria-hidden="true" />
            <strong>{count(n)}</strong> {inPageWords(name)}
          </li>
        ))}
      </ul>
      {images.tiles && <p class="minor together">Tiles: {tilesText(images.tiles)}</p>}
      {together !== undefined && <p class="minor together">Belong together: {inPageWords(together)}</p>}
    </section>
  );
}
