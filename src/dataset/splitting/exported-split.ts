import { byCodePoint } from '../../lib/order.js';
import type { Candidate } from '../model/candidates.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import type { Side } from '../model/types.js';

export interface ExportedSplit {
  readonly train: readonly Candidate[];
  readonly val: readonly Candidate[];
}

/**
 * Parts the images as their exporter did.
 * @throws DatasetError SplitImpossible where an image is on no side, or a side is empty
 */
export function exportedSplit(images: readonly Candidate[]): ExportedSplit {
  const on = (side: Side | null) => images.filter(({ exported }) => exported === side);
  const [train, val, unsaid] = [on('train'), on('val'), on(null)];
  const paths = unsaid.map(({ path }) => path).sort(byCodePoint);
  const details = { count: paths.length, examples: paths.slice(0, MAX_REFUSAL_EXAMPLES) };
  if (paths.length === images.length) {
    throw impossible(
      `none of its folders and COCO files is called train, valid, val or test, as for ${paths[0]}.`,
      details,
    );
  }
  if (paths.length > 0) {
    throw impossible(
      `${paths.length} of ${images.length} images lie in no folder called train, valid, val or test, such as ${paths[0]}.`,
      details,
    );
  }
  if (train.length === 0) throw impossible('it has no labelled image in train.');
  if (val.length === 0) throw impossible('it has no labelled image in valid or test.');
  return { train, val };
}

function impossible(why: string, details: DatasetError['details'] = {}): DatasetError {
  return new DatasetError(
    'SplitImpossible',
    `SPLIT=export keeps the split of the export, but ${why} Export with a split, or set SPLIT=curator.`,
    details,
  );
}

/** An image of val with a copy in train. */
export interface Leak {
  readonly val: string;
  readonly train: string;
}

/** For each image of val that has copies in train, the first of these by path; sorted. */
export function leaksOf({ train, val }: ExportedSplit): Leak[] {
  const inTrain = new Map<string, string>();
  for (const { group, path } of train) {
    const first = inTrain.get(group);
    if (first === undefined || byCodePoint(path, first) < 0) inTrain.set(group, path);
  }
  return val
    .flatMap(({ group, path }) => {
      const copy = inTrain.get(group);
      return copy === undefined ? [] : [{ val: path, train: copy }];
    })
    .sort((a, b) => byCodePoint(a.val, b.val));
}
