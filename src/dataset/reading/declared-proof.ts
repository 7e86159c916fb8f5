/** Whether the boxes of a COCO file agree with the convention that it declares for them. */

import { byCodePoint } from '../../lib/order.js';
import { type Convention, fitsFrame, isCoco } from './conventions.js';
import type { DeclaredFormat } from './declared-format.js';
import type { Observed } from './explanations.js';
import { SmallestTexts } from './smallest-texts.js';

/** Minimum share of boxes that lie inside their images in the declared convention. */
const MIN_INSIDE = 0.9;
/** Relative difference of areas that are the same, and share of boxes whose area contradicts the declared convention. */
const SAME_AREA = 0.001;
const MAX_OTHER_AREA = 0.1;

/** A declared convention that the boxes contradict. */
export interface Contradicted {
  /** The declaration as it is written, and the convention that it means. */
  readonly text: string;
  readonly name: string;
  readonly boxes: number;
  /** Boxes that lie inside their images in the declared convention, and in COCO's. */
  readonly inside: number;
  readonly insideAsCoco: number;
}

interface Counts extends Contradicted {
  text: string;
  boxes: number;
  inside: number;
  insideAsCoco: number;
  /** Boxes whose area is that of COCO's convention only. */
  areaOfCoco: number;
}

/** Collects boxes without a shape by the convention that is declared for them, if it is not COCO's. */
export class DeclaredProof {
  readonly #counts = new Map<Convention, Counts>();
  readonly #unknown = new SmallestTexts();

  add({ text, convention }: DeclaredFormat, { bbox, area, frame }: Observed): void {
    if (!convention) this.#unknown.add(text);
    if (!convention || isCoco(convention)) return;
    const box = convention.read(bbox, frame);
    // Without the size of the image nothing can be compared.
    if (!box) return;
    const counts = this.#counts.get(convention) ?? {
      ...{ text, name: convention.name, boxes: 0, inside: 0, insideAsCoco: 0, areaOfCoco: 0 },
    };
    this.#counts.set(convention, counts);
    if (byCodePoint(text, counts.text) < 0) counts.text = text;
    counts.boxes += 1;
    if (fitsFrame(box, frame)) counts.inside += 1;
    if (fitsFrame(bbox, frame)) counts.insideAsCoco += 1;
    const isArea = (size: number) => area !== undefined && Math.abs(area - size) <= SAME_AREA * size;
    if (isArea(bbox[2] * bbox[3]) && !isArea(box[2] * box[3])) counts.areaOfCoco += 1;
  }

  /**
   * The declared convention in which a bbox is read, `coco` for COCO's own. Undefined if the boxes contradict it, or if
   * COCO's own is the only one that the file declares: exporters write that by default.
   */
  conventionOf(format: DeclaredFormat | undefined): Convention | 'coco' | undefined {
    const convention = format?.convention;
    if (convention && isCoco(convention)) return this.isEmpty ? undefined : 'coco';
    const counts = convention && this.#counts.get(convention);
    return counts && agrees(counts) ? convention : undefined;
  }

  /** Whether a convention other than COCO's is declared. */
  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  get contradicted(): Contradicted | undefined {
    const [first] = [...this.#counts.values()]
      .filter((counts) => !agrees(counts))
      .sort((a, b) => byCodePoint(a.name, b.name));
    return first;
  }

  /** Declarations whose meaning is not known; each annotation may repeat them. */
  get unknown(): readonly string[] {
    return [...new Set(this.#unknown.texts)];
  }
}

function agrees({ boxes, inside, insideAsCoco, areaOfCoco }: Counts): boolean {
  return inside >= MIN_INSIDE * boxes && inside >= insideAsCoco && areaOfCoco <= MAX_OTHER_AREA * boxes;
}
