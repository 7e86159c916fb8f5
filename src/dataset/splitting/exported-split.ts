import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural } from '../../lib/plural.js';
import type { Candidate } from '../model/candidates.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import type { Side } from '../model/types.js';

/** The split that the export states. */
export interface ExportedSplit {
  readonly train: readonly Candidate[];
  readonly val: readonly Candidate[];
}

/**
 * Splits the images as the export did.
 * @throws DatasetError SplitImpossible if an image has no side, or a side is empty
 */
export function exportedSplit(images: readonly Candidate[]): ExportedSplit {
  const on = (side: Side | null) => images.filter(({ exported }) => exported === side);
  const [train, val, unsaid] = [on('train'), on('val'), on(null)];
  const paths = unsaid.map(({ path }) => path).sort(byCodePoint);
  const details = { count: paths.length, examples: paths.slice(0, MAX_REFUSAL_EXAMPLES) };
  if (paths.length === images.length) {
    throw impossible(
      `no folder or COCO file is named train, valid, val or test, for example that of ${paths[0]}.`,
      details,
    );
  }
  if (paths.length > 0) {
    throw impossible(
      `${paths.length} of ${plural(images.length, 'image')} ${agreeing(paths.length, 'is', 'are')} in no folder named train, valid, val or test, for example ${paths[0]}.`,
      details,
    );
  }
  if (train.length === 0) throw impossible('train contains no labelled image.');
  if (val.length === 0) throw impossible('valid and test contain no labelled image.');
  return { train, val };
}

function impossible(why: string, details: DatasetError['details'] = {}): DatasetError {
  return new DatasetError(
    'SplitImpossible',
    `SPLIT=export keeps the split of the export, but ${why}`,
    details,
  );
}

/** A validation image and a training image that should be on one side: copies, or images joined by name. */
export interface Leak {
  readonly val: string;
  readonly train: string;
}

/**
 * Each validation image with such an image in train, with the first such training image by path; sorted by path.
 * @param by `group` for copies only; `unit` for images joined by name too
 */
export function leaksOf({ train, val }: ExportedSplit, by: 'unit' | 'group'): Leak[] {
  const inTrain = new Map<string, string>();
  for (const { [by]: key, path } of train) {
    const first = inTrain.get(key);
    if (first === undefined || byCodePoint(path, first) < 0) inTrain.set(key, path);
  }
  return val
    .flatMap(({ [by]: key, path }) => {
      const copy = inTrain.get(key);
      return copy === undefined ? [] : [{ val: path, train: copy }];
    })
    .sort((a, b) => byCodePoint(a.val, b.val));
}
