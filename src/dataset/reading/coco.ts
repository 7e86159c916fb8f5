import type { Steps } from '../../lib/steps.js';
import type { DatasetError } from '../model/errors.js';
import type { ReadingSettings } from '../model/settings.js';
import {
  type AnnotationPass,
  type Annotations,
  addAnnotations,
  type PassContext,
} from './annotation-pass.js';
import { numberCategories } from './bare-categories.js';
import { ReadingBudget } from './budget.js';
import { Categories, definedLabels } from './categories.js';
import { categoryRecords, namedBySupercategory } from './category-names.js';
import { type CocoOutline, readAnnotations, readOutline } from './coco-outline.js';
import { creationOf } from './created-at.js';
import { Evidence, NO_VERDICT } from './evidence.js';
import type { ShownReading } from './id-readings.js';
import { type CocoImage, removeBoxes } from './image-records.js';
import { inconsistencyOf } from './inconsistency.js';
import type { JsonFile } from './json-file.js';
import type { AnnotationFault } from './misnamed.js';
import { identifiedByName } from './named-ids.js';
import type { SharedEvidence, SmallFiles } from './shared-evidence.js';
import type { IdDoubt } from './shifted-ids.js';

/** One COCO file with its ids resolved: they have no meaning outside it. */
export interface CocoFile {
  readonly path: string;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  readonly images: readonly CocoImage[];
  /** Classes that the file defines, with or without annotations. */
  readonly defined: readonly string[];
  /** Annotations whose image_id does not belong to an image of the file. */
  readonly orphans: number;
  /** The first image_ids of these annotations, at most MAX_EXAMPLES. */
  readonly orphanIds: readonly string[];
  /** The first category_ids of annotations that the file does not define, at most MAX_EXAMPLES. */
  readonly undefinedIds: readonly string[];
  /** What annotations have instead of the members that COCO needs. */
  readonly faults: readonly AnnotationFault[];
  /** What is doubtful about the ids in annotations. */
  readonly idDoubts: readonly IdDoubt[];
  /** Annotations whose ids are written differently than those of their records, with some of these ids. */
  readonly rewritten: AnnotationPass['rewritten'];
  /** What other members of annotations contradict. */
  readonly contradicting: AnnotationPass['contradicting'];
  /** Whether any image has a usable box; files with captions or keypoints may have none. */
  readonly hasBoxes: boolean;
  /** Whether most of the boxes have the score of a model: the file is the output of a model, not a set of labels. */
  readonly isPredicted: boolean;
  /** When the file says that it was created, in milliseconds since 1970; undefined if it does not. */
  readonly createdAt: number | undefined;
  /** The ids of all usable categories. */
  readonly categoryIds: readonly string[];
  /** Image records that cannot be used, each with what is wrong; at most MAX_EXAMPLES. No annotation refers to them. */
  readonly unusableRecords: readonly string[];
  /** Number of all these records. */
  readonly unusableCount: number;
  /** The names of the categories without an id, as JSON. */
  readonly categoriesWithoutId: readonly string[];
  /** Categories whose names only repeat their ids, with the names of their super-categories. */
  readonly renamedCategories: readonly string[];
  /** Names that several categories have that annotations use, with their ids. */
  readonly repeatedCategories: readonly string[];
  /** Class names that were joined because a person sees them as the same, with the boxes of each. */
  readonly spellings: readonly Spelling[];
  /** Categories that are bare names, with the ids that follow from the annotations. */
  readonly numberedCategories: readonly string[];
  /** Declarations of how boxes are written, such as `bbox_format "abc"`, whose meaning is not known. */
  readonly unknownFormats: readonly string[];
  /** Why the boxes cannot be used: their numbers contradict each other, and nothing shows which are right. */
  readonly inconsistency: DatasetError | undefined;
}

/** A class name that was replaced by another one, or has replaced others. */
export interface Spelling {
  /** The class that the name was read as. */
  readonly label: string;
  readonly name: string;
  readonly boxes: number;
}

/** A COCO file whose annotations were read once. */
export interface StartedFile {
  readonly outline: CocoOutline;
  readonly categories: Categories;
  readonly pass: AnnotationPass;
  readonly context: PassContext;
  /** What the file shares with others; undefined if its own evidence is enough. */
  readonly shared: SharedEvidence | undefined;
  readonly defined: readonly string[];
  readonly renamed: readonly string[];
  readonly isNumbered: boolean;
}

/**
 * Reads a JSON file as COCO. Returns undefined if it is another kind of JSON (no `images` or no `annotations` list).
 * Annotations, the bulk of such a file, are parsed one by one in a second pass and kept as boxes only. Yields regularly.
 * @param budget counts the records of all COCO files of an archive
 * @throws DatasetError CocoInvalid if it is COCO but broken as a whole, ArchiveUnsafe if it exceeds the budget
 */
export function* readCocoFile(
  file: JsonFile,
  settings: ReadingSettings,
  budget: ReadingBudget,
): Steps<CocoFile | undefined> {
  const started = yield* startCocoFile(file, settings, budget);
  return started && (yield* finishCocoFile(started, budget));
}

/**
 * Reads the annotations of a COCO file for the first time.
 * @param small shares the evidence of small files; without it, a file has its own only
 * @param readAs what all image_ids are, if other files of the export show it
 * @throws DatasetError as `readCocoFile`
 */
export function* startCocoFile(
  file: JsonFile,
  settings: ReadingSettings,
  budget: ReadingBudget,
  small?: SmallFiles,
  readAs?: ShownReading,
): Steps<StartedFile | undefined> {
  const { path } = file;
  const outline = yield* readOutline(file, budget);
  if (!outline) return undefined;
  const { images, format } = outline;
  const annotations: Annotations = (onAnnotation) => readAnnotations(outline, budget, onAnnotation);
  const named = namedBySupercategory(categoryRecords(path, outline.categories));
  const numbered = yield* numberCategories(path, named.categories, annotations);
  const categories = new Categories(path, yield* identifiedByName(numbered.categories, annotations));
  let shared = small?.sharedOf(path, outline.annotations);
  let context: PassContext = {
    ...{ categories, settings, format, verdict: NO_VERDICT, idReading: readAs },
    evidence: shared?.evidence ?? new Evidence(),
    isOfAzure: images.areOfAzure,
    scope: shared ? `${path}: ` : '',
  };
  let pass = yield* addAnnotations(annotations, images, context);
  const idReading = readAs ? undefined : pass.idReading;
  if (idReading) {
    removeBoxes(images);
    // The boxes of other images are no evidence.
    shared = undefined;
    context = { ...context, idReading, evidence: new Evidence() };
    pass = yield* addAnnotations(annotations, images, context);
  }
  if (shared) budget.endFile();
  return {
    ...{ outline, categories, pass, context, shared, renamed: named.renamed },
    defined: definedLabels(numbered.categories),
    isNumbered: numbered.countedFrom !== undefined,
  };
}

/**
 * Reads the annotations again if the evidence shows that they are not written as COCO defines them. Files that share
 * evidence are only known to be inconsistent after all of them were read.
 */
export function* finishCocoFile(started: StartedFile, budget: ReadingBudget): Steps<CocoFile> {
  const { outline, categories, context, shared } = started;
  const { images } = outline;
  const { path } = outline.file;
  const verdict = shared?.verdict ?? context.evidence.verdict();
  let { pass } = started;
  // The annotations of files that share evidence were counted when they were read first.
  const counting = shared ? new ReadingBudget() : budget;
  if (verdict.isNeeded) {
    // Only a whole pass shows how a file is written, and keeping each bbox until then would cost memory in all other files.
    removeBoxes(images);
    const annotations: Annotations = (onAnnotation) => readAnnotations(outline, counting, onAnnotation);
    pass = yield* addAnnotations(annotations, images, { ...context, verdict, evidence: new Evidence() });
  }
  counting.endFile();
  shared?.addPass(pass);
  const { orphans, orphanIds, undefinedIds, faults, idDoubts, rewritten, contradicting } = pass;
  const list = [...images.images.values()];
  // An array that grew by `push` has room for a dozen more boxes.
  for (const image of list) image.boxes = image.boxes.slice();
  const boxes = list.reduce((sum, image) => sum + image.boxes.length, 0);
  const predicted = list.reduce((sum, image) => sum + image.predicted, 0);
  return {
    ...{ path, sha256: outline.sha256 },
    ...{ images: list, defined: started.defined },
    ...{ hasBoxes: boxes > 0, isPredicted: predicted > boxes / 2, createdAt: creationOf([outline.info]) },
    ...{ orphans, orphanIds, undefinedIds, faults, idDoubts, rewritten, contradicting },
    categoryIds: categories.ids,
    unusableRecords: images.unusable.examples,
    unusableCount: images.unusable.count,
    categoriesWithoutId: categories.withoutId,
    spellings: [],
    renamedCategories: started.renamed,
    repeatedCategories: categories.repeated,
    numberedCategories: started.isNumbered ? categories.described : [],
    unknownFormats: verdict.declared.unknown,
    inconsistency: shared ? undefined : inconsistencyOf(path, verdict, pass),
  };
}
