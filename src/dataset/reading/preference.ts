import { byCodePoint } from '../../lib/order.js';
import type { CocoFile } from './coco.js';

/** Names that operating systems, editors and people give to a copy of a file before they change the file. */
const COPY_NAME =
  /(?: ?- ?copy(?: ?\(\d+\))?| copy(?: \d+)?|[_.-](?:old|bak|backup|copy)|-checkpoint)(?:\.coco)?\.json$/i;
/** Whether a COCO file is named as a copy that was made before the file was changed. */
export const hasNameOfCopy = (path: string): boolean => COPY_NAME.test(path);

/** The number that browsers give to a file if an earlier download has its name. */
const DOWNLOAD_NUMBER = / ?\((\d+)\)(?=(?:\.coco)?\.json$)/i;

/** Why a COCO file is preferred to another. */
export interface Reason {
  readonly text: string;
  /** Whether it shows which file is right. Otherwise it only makes the choice the same each time. */
  readonly decides: boolean;
}

interface Rule extends Reason {
  /** Files with a larger value are preferred. */
  readonly value: (file: CocoFile) => number | boolean;
}

const FIRST_NAME: Reason = { text: 'its name comes first', decides: false };
const BESIDE_IMAGES: Reason = { text: 'it lies beside the images', decides: true };

/** The order in which the COCO files of an archive count where they contradict each other. */
export class Preference {
  /** The preferred file first. */
  readonly sorted: readonly CocoFile[];
  readonly #rules: readonly Rule[];

  constructor(files: readonly CocoFile[]) {
    this.#rules = rulesFor(files);
    this.sorted = [...files].sort((a, b) => this.#compare(a, b) || byCodePoint(a.path, b.path));
  }

  /**
   * Why `taken` was preferred to `other`.
   * @param isNearer whether the images lie where the names of `taken` lead, and `other` only has their bare names
   */
  reason(taken: CocoFile, other: CocoFile, isNearer: boolean): Reason {
    const rule = this.#rules.find(({ value }) => value(taken) !== value(other));
    if (rule?.decides && Number(rule.value(taken)) > Number(rule.value(other))) return rule;
    return isNearer ? BESIDE_IMAGES : (rule ?? FIRST_NAME);
  }

  #compare(a: CocoFile, b: CocoFile): number {
    for (const { value } of this.#rules) {
      const order = Number(value(b)) - Number(value(a));
      if (order !== 0) return order;
    }
    return 0;
  }
}

/** The most important rule first. Rules that need all files to state something give no value if one does not. */
function rulesFor(files: readonly CocoFile[]): Rule[] {
  const areDated = files.every(({ createdAt }) => createdAt !== undefined);
  const paths = new Set(files.map(({ path }) => path));
  return [
    {
      text: 'the other has predictions of a model',
      decides: true,
      value: ({ isPredicted }) => !isPredicted,
    },
    {
      text: 'it has the name that Roboflow gives',
      decides: true,
      value: ({ path }) => withoutNumber(path).endsWith('_annotations.coco.json'),
    },
    { text: 'it has boxes', decides: true, value: ({ hasBoxes }) => hasBoxes },
    { text: 'the other has the name of a copy', decides: true, value: ({ path }) => !hasNameOfCopy(path) },
    {
      text: 'it was created later (date_created)',
      decides: true,
      value: ({ createdAt }) => (areDated ? (createdAt ?? 0) : 0),
    },
    {
      text: 'it has the name of a later download',
      decides: false,
      value: ({ path }) => (paths.has(withoutNumber(path)) ? downloadNumber(path) : 0),
    },
    { text: 'it describes more images', decides: false, value: ({ images }) => images.length },
  ];
}

const withoutNumber = (path: string) => path.replace(DOWNLOAD_NUMBER, '');
const downloadNumber = (path: string) => Number(DOWNLOAD_NUMBER.exec(path)?.[1] ?? 0);
