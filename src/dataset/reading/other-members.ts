/** Members of annotations that repeat what image_id, category_id or bbox say, and may contradict them. */

import type { JsonRecord } from '../../lib/json-records.js';
import { shortJson } from '../../lib/short-json.js';
import { lookOf } from '../model/label-look.js';
import type { Categories } from './categories.js';
import type { DraftImage } from './image-records.js';
import { isAsideOfKeypoints, otherBoxMember } from './other-boxes.js';
import type { ReadBox } from './read-box.js';
import { SmallestTexts } from './smallest-texts.js';

/** What members of annotations repeat. */
export const REPEATED = ['class', 'image', 'box', 'keypoints'] as const;
export type Repeated = (typeof REPEATED)[number];

/** Annotations whose other members contradict what they were read by. */
export interface ContradictingMembers {
  readonly kind: Repeated;
  /** Annotations that have such a member, and those of them that contradict it. */
  readonly compared: number;
  readonly count: number;
  /** Some of these, such as `image_id 4: category_name "nut", category_id 1 = bolt`; at most MAX_EXAMPLES. */
  readonly examples: readonly string[];
}

/** Names under which tools write the name of the class and of the image file into annotations. */
const CLASS_NAMES = [
  'category_name',
  'categoryName',
  'class_name',
  'className',
  'category',
  'class',
  'label',
];
const IMAGE_NAMES = ['file_name', 'filename', 'fileName', 'image_name', 'imageName', 'image_path'];

/** Minimum share of annotations with keypoints that contradict their boxes; fewer are slips of single points. */
const MIN_KEYPOINTS = 0.05;

/** Compares the members of annotations while these are read. */
export class OtherMembers {
  readonly #counts = new Map<Repeated, { compared: number; count: number; texts: SmallestTexts }>();
  #stems: ReadonlySet<string> | undefined;

  constructor(
    private readonly images: ReadonlyMap<string, DraftImage>,
    private readonly categories: Categories,
  ) {}

  add(annotation: JsonRecord, image: DraftImage, read: ReadBox): void {
    this.#addClass(annotation, image, read.box.label);
    this.#addImage(annotation, image);
    // The bounds of a rotated box differ from the box before the rotation.
    if (read.turned) return;
    const { x, y, width, height } = read.box;
    const found = otherBoxMember(annotation, [x, y, width, height], image);
    if (found) {
      const { member, isContradicting } = found;
      this.#count('box', image, isContradicting && `${member} ${shortJson(annotation[member])}`);
    }
    const isAside = isAsideOfKeypoints(annotation.keypoints, [x, y, width, height]);
    if (isAside !== undefined) this.#count('keypoints', image, isAside && 'keypoints');
  }

  /** The kinds of members that contradict annotations. */
  get contradicting(): readonly ContradictingMembers[] {
    return [...this.#counts].flatMap(([kind, { compared, count, texts }]) =>
      count === 0 || (kind === 'keypoints' && count < MIN_KEYPOINTS * compared)
        ? []
        : [{ kind, compared, count, examples: texts.texts }],
    );
  }

  /** A name that no class of the file has, such as one before classes were merged, and a number contradict nothing. */
  #addClass(annotation: JsonRecord, image: DraftImage, label: string): void {
    const member = CLASS_NAMES.find((name) => typeof annotation[name] === 'string');
    const name = member === undefined ? undefined : annotation[member];
    if (typeof name !== 'string' || !/\p{L}/u.test(name) || !this.categories.isClassName(name)) return;
    const isOther = name !== label && lookOf(name) !== lookOf(label);
    const id = `category_id ${shortJson(annotation.category_id)} = ${shortJson(label)}`;
    this.#count('class', image, isOther && `${member} ${shortJson(name)}, ${id}`);
  }

  /** A name that no other image of the file has, such as that of a mask, contradicts nothing. */
  #addImage(annotation: JsonRecord, image: DraftImage): void {
    const member = IMAGE_NAMES.find((name) => typeof annotation[name] === 'string');
    const name = member === undefined ? undefined : annotation[member];
    if (typeof name !== 'string') return;
    this.#stems ??= new Set([...this.images.values()].map(({ fileName }) => stemOf(fileName)));
    const stem = stemOf(name.replaceAll('\\', '/'));
    if (!this.#stems.has(stem)) return;
    const isOther = stem !== stemOf(image.fileName);
    this.#count('image', image, isOther && `${member} ${shortJson(name)}`);
  }

  #count(kind: Repeated, { id }: DraftImage, contradiction: string | false): void {
    const counts = this.#counts.get(kind) ?? { compared: 0, count: 0, texts: new SmallestTexts() };
    this.#counts.set(kind, counts);
    counts.compared += 1;
    if (contradiction === false) return;
    counts.count += 1;
    counts.texts.add(`image_id ${id}: ${contradiction}`);
  }
}

/** The name of a file without folders and extension, in lower case. */
const stemOf = (path: string) =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.[a-z\d]{1,5}$/i, '')
    .toLowerCase();
