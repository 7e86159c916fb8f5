/** What the annotations of a COCO file show about how its boxes and shapes are written. */

import type { Bbox } from '../model/box-conventions.js';
import { AreaProof, AreaVerdict } from './area-proof.js';
import { AreaScale, type SmallerCopies } from './area-scale.js';
import { Circles } from './circles.js';
import { ConventionProof } from './convention-proof.js';
import type { Convention, Frame } from './conventions.js';
import type { DeclaredFormat } from './declared-format.js';
import { DeclaredProof } from './declared-proof.js';
import { type Explanations, type Observed, type Right, rightOf } from './explanations.js';
import { FractionProof } from './fraction-proof.js';
import { LocalShapes, OF_OWN_BOX } from './local-shapes.js';
import { Mirrored, type MirroredReading } from './mirrored.js';
import { OutdatedNumbers } from './outdated.js';
import { Placeholders } from './placeholders.js';
import { RepeatedBoxes } from './repeated-bbox.js';
import { RotationProof } from './rotation-proof.js';
import { ShapeProof } from './shape-proof.js';
import type { Shape } from './shapes.js';
import { isTie, Ties } from './ties.js';
import { TwoPoints } from './two-points.js';

/** How the annotations of a COCO file are read. */
export interface Verdict {
  /** The convention that the boxes with shapes show for those without; undefined for COCO's own. */
  readonly shown: Convention | undefined;
  /** The conventions that areas show for boxes without a shape. */
  readonly areas: AreaVerdict;
  /** The conventions that the file declares for boxes without a shape. */
  readonly declared: DeclaredProof;
  /** The convention of all boxes, with and without a shape, if they are fractions; undefined if they are not. */
  readonly fractions: Convention | undefined;
  /** The reading of boxes with negative sizes; undefined if nothing shows it. */
  readonly mirrored: MirroredReading | undefined;
  readonly placeholders: Placeholders;
  /** The convention of boxes whose numbers the segmentation repeats. */
  readonly repeated: RepeatedBoxes;
  /** Whether angles in attributes are rotations of the boxes. */
  readonly rotations: RotationProof;
  readonly ties: Ties;
  /** Which of bbox and shape is right where the other one belongs to another version of the images; undefined if unknown. */
  readonly upToDate: Right | undefined;
  readonly shapes: ShapeProof;
  /** Whether polygons of two points are circles. */
  readonly circles: Circles;
  /** Whether bboxes of two points are two corners. */
  readonly points: TwoPoints;
  /** Polygons without a bbox whose place in their image is not known. */
  readonly unplaced: number;
  /** The smaller copies of images to which boxes refer, by their areas; undefined if nothing shows them. */
  readonly smaller: SmallerCopies | undefined;
  /** Whether the annotations must be read again with it. */
  readonly isNeeded: boolean;
}

/** The verdict before any annotation was read. */
export const NO_VERDICT: Verdict = {
  shown: undefined,
  areas: new AreaVerdict(new Map(), new Map(), undefined),
  declared: new DeclaredProof(),
  fractions: undefined,
  mirrored: undefined,
  placeholders: new Placeholders(),
  repeated: new RepeatedBoxes(),
  rotations: new RotationProof(),
  ties: new Ties(),
  upToDate: undefined,
  shapes: new ShapeProof(),
  circles: new Circles(),
  points: new TwoPoints(),
  unplaced: 0,
  smaller: undefined,
  isNeeded: false,
};

/** Collects the evidence of all annotations of a COCO file. */
export class Evidence {
  readonly #proof = new ConventionProof();
  readonly #areas = new AreaProof();
  readonly #scale = new AreaScale();
  readonly #mirrored = new Mirrored();
  readonly #placeholders = new Placeholders();
  readonly #repeated = new RepeatedBoxes();
  readonly #rotations = new RotationProof();
  readonly #declared = new DeclaredProof();
  readonly #fractions = new FractionProof();
  readonly #ties = new Ties();
  readonly #outdated = new OutdatedNumbers();
  readonly #shapes = new ShapeProof();
  readonly #circles = new Circles();
  readonly #local = new LocalShapes();
  readonly #points = new TwoPoints();
  #withoutShape = 0;

  /** Adds a bbox with negative sizes and without a shape. */
  addMirrored(bbox: Bbox, frame: Frame): void {
    this.#mirrored.add(bbox, frame);
  }

  /**
   * Adds a bbox, with the shape beside it if there is one.
   * @param isOfAzure whether image records of the file have members of Azure
   */
  addFractions(observed: Observed, shape: Shape | undefined, isOfAzure: boolean): void {
    this.#fractions.add(observed, shape, isOfAzure);
  }

  /**
   * Adds a bbox without a shape.
   * @param image id of the image
   * @param format what is declared about the bbox
   */
  addBox(image: string, observed: Observed, format: DeclaredFormat | undefined): void {
    this.#withoutShape += 1;
    if (format) this.#declared.add(format, observed);
    this.#areas.add(image, observed);
    this.#scale.add(image, observed);
  }

  /** Adds a bbox without a shape that has no reading of its own. */
  addUnread(bbox: unknown, frame: Frame): void {
    this.#points.add(bbox, frame);
  }

  /** Adds a bbox whose numbers the segmentation repeats. */
  addRepeated(bbox: Bbox, frame: Frame): void {
    this.#repeated.add(bbox, frame);
  }

  /** Adds the angle of a bbox without a shape. */
  addRotation(bbox: Bbox, degrees: number, frame: Frame): void {
    this.#rotations.add(bbox, degrees, frame);
  }

  /**
   * Adds a shape without a usable bbox.
   * @param image id of the image
   */
  addShape(image: string, shape: Shape, frame: Frame): void {
    this.#shapes.addAlone(shape, frame);
    this.#local.add(image, shape, frame);
    if (shape.circle) this.#circles.add(shape.circle, shape.bounds, frame);
  }

  /**
   * Adds a bbox beside a shape.
   * @param image id of the image
   */
  addBoth(image: string, observed: Observed, shape: Shape, explanations: Explanations): void {
    const own: Right | undefined = isTie(explanations) ? rightOf(observed, shape) : undefined;
    if (shape.circle && explanations.agree) this.#circles.add(shape.circle, shape.bounds, observed.frame);
    if (explanations.agree) this.#scale.add(image, observed);
    else this.#scale.deny();
    if (explanations.readings.some(({ name }) => name === OF_OWN_BOX)) this.#local.addBeside();
    this.#ties.add(explanations, own);
    this.#outdated.add(observed, shape, explanations);
    this.#shapes.addCompared(shape, observed.frame, explanations, own);
    this.#proof.add(explanations, own);
  }

  /** Adds a bbox that marks another place than the shape beside it, which nothing explains. */
  addContradiction({ bbox, frame }: Observed, shape: Shape): void {
    this.#shapes.addAlone(shape, frame);
    this.#placeholders.addContradiction(bbox, shape.bounds, frame);
  }

  verdict(): Verdict {
    const shown = this.#withoutShape > 0 ? this.#proof.convention : undefined;
    const areas = this.#areas.verdict();
    const mirrored = this.#mirrored.reading;
    const [placeholders, ties, shapes] = [this.#placeholders, this.#ties, this.#shapes];
    const [declared, rotations] = [this.#declared, this.#rotations];
    const upToDate = this.#outdated.right;
    const fractions = this.#fractions.convention;
    const isNeeded =
      shown !== undefined ||
      !declared.isEmpty ||
      fractions !== undefined ||
      mirrored !== undefined ||
      !areas.isEmpty ||
      placeholders.areShown ||
      this.#repeated.convention !== undefined ||
      rotations.isDenied ||
      !ties.isEmpty ||
      upToDate !== undefined ||
      shapes.isNeeded ||
      this.#circles.arePossible ||
      this.#points.areCorners;
    // Boxes in percent or fractions have smaller areas too.
    const smaller = areas.isEmpty ? this.#scale.copies : undefined;
    const read = {
      shown,
      areas,
      declared,
      fractions,
      mirrored,
      placeholders,
      rotations,
      ties,
      upToDate,
      shapes,
    };
    return {
      ...read,
      repeated: this.#repeated,
      circles: this.#circles,
      points: this.#points,
      unplaced: this.#local.count,
      smaller,
      isNeeded,
    };
  }
}
