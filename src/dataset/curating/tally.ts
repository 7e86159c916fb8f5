import type { BoxedImages } from '../boxes/box-images.js';
import { centredFinding } from '../boxes/centre-boxes.js';
import { conventionFindings } from '../boxes/convention-findings.js';
import { exchangedFindings } from '../boxes/exchanged-shapes.js';
import { storedByBoxesFinding } from '../boxes/exif-evidence.js';
import { exifFindings } from '../boxes/exif-facts.js';
import { sizeFindings } from '../boxes/true-sizes.js';
import { type KeptTogether, keepTogether } from '../copies/keep-together.js';
import { countByLabel } from '../model/candidates.js';
import type { GroupCounts, TileCounts } from '../model/counts.js';
import { Drops } from '../model/drops.js';
import { sortByHarm } from '../model/harm.js';
import { listRejected } from '../model/rejected.js';
import type { DatasetSettings } from '../model/settings.js';
import type { CuratedImage, RejectedRecord } from '../model/types.js';
import type { Leak } from '../splitting/exported-split.js';
import { copyCounts } from '../splitting/split.js';
import { Adviser, type Attempt } from './advice.js';
import { boxFindings } from './box-findings.js';
import { disagreeingBoxes, unmovedFinding } from './copied-boxes.js';
import type { Curation, CurationFacts } from './curation.js';
import { curationFindings } from './findings.js';
import { lowContrastImages, tilesWithoutDetail } from './image-findings.js';
import type { CurateInput } from './input.js';
import { countFound, countLabels } from './label-counts.js';
import { labelFindings } from './label-findings.js';
import { lossFindings } from './loss-findings.js';
import { type StrongLosses, strongLosses } from './losses-first.js';
import { mergeClasses } from './merge-classes.js';
import { BoxesByLabel } from './placed-boxes.js';
import type { TiledImages } from './tile-images.js';

/** The facts that curating has collected so far. If the dataset is refused, they end at the refusal. */
export class Tally {
  readonly settings: DatasetSettings;
  readonly drops: Drops;
  rejected: readonly RejectedRecord[] = [];
  /** The readable images with their boxes moved; null until then. */
  boxed: BoxedImages | null = null;
  droppedClasses: CurationFacts['droppedClasses'] = [];
  /** Classes of val that are missing in train, with the number of their images in val. */
  untrainedClasses: CurationFacts['droppedClasses'] = [];
  /** Paths of images that lost some of their boxes because a class was dropped. */
  partlyUnlabelled: readonly string[] = [];
  /** Paths of images that lost boxes to MAX_BOX_PER_IMAGE. */
  cutImages: readonly string[] = [];
  readonly left = { neverAnnotated: 0, emptiedByBoxRules: 0, emptiedByClassDrop: 0, balancedAway: 0 };
  /** Photos that balancing left out with all their copies. */
  unusedPhotos = 0;
  /** Number of images that VAL_SPLIT asks for in val. */
  valTarget = 0;
  tooLargeGroups: readonly { readonly path: string; readonly images: number }[] = [];
  leaks: readonly Leak[] = [];
  train: readonly CuratedImage[] = [];
  val: readonly CuratedImage[] = [];
  /** The images of the manifests with TILES; null without. */
  tiled: { readonly train: TiledImages; readonly val: TiledImages } | null = null;

  /** Curates with other settings; returns undefined until there is something to curate. */
  attempt: Attempt = () => undefined;

  constructor(readonly input: CurateInput) {
    this.settings = input.settings;
    this.drops = new Drops(input.droppedWhileReading);
  }

  /** Strong losses so far; undefined if there are none. */
  get losses(): StrongLosses | undefined {
    const { input, boxed, drops } = this;
    return boxed
      ? strongLosses({
          found: input.annotationsFound,
          dropped: drops.sorted(),
          boxed,
          findings: input.foundWhileReading ?? [],
        })
      : undefined;
  }

  /** The images of the two manifests. */
  get manifests(): Curation['manifests'] {
    const { tiled, train, val } = this;
    return tiled ? { train: tiled.train.images, val: tiled.val.images } : { train, val };
  }

  /** Counts and findings. */
  facts(): CurationFacts {
    const { input, train, val } = this;
    const boxed = this.boxed ?? nothingBoxed(input.settings);
    const used = [...train, ...val];
    const boxes = new BoxesByLabel(used);
    const adviser = new Adviser(this.settings, this.attempt, this.losses?.codes);
    const seen = {
      images: {
        found: input.images.length + input.missing.length,
        used: used.length,
        rejected: this.rejected.length,
        train: train.length,
        val: val.length,
        left: { ...this.left },
        ...(this.unusedPhotos > 0 ? { unusedPhotos: this.unusedPhotos } : {}),
        ...(this.tiled ? { tiles: tileCounts(this.tiled) } : {}),
      },
      labelsFound: countFound(mergeClasses(input).images.map(({ image }) => image)),
      labels: countLabels(train, val),
      droppedClasses: [...this.droppedClasses, ...this.untrainedClasses],
    };
    const { annotationsFound: found } = input;
    const dropped = this.drops.sorted();
    const storedByBoxes = storedByBoxesFinding(boxed.storedByBoxes);
    const centred = centredFinding(boxed.centred);
    const disagreeing = disagreeingBoxes(boxed.candidates, input.sameAs);
    const unmoved = unmovedFinding(input.unmoved);
    const tiledSmall = tilesWithoutDetail(used, this.settings);
    const lowContrast = lowContrastImages(input.lowContrast, input.images.length, input.settings);
    return {
      images: seen.images,
      annotations: {
        found,
        used: used.reduce((sum, image) => sum + image.boxes.length, 0),
        dropped,
      },
      labelsFound: seen.labelsFound,
      labels: seen.labels,
      droppedClasses: seen.droppedClasses,
      groups: groupCounts(used, boxed.together),
      rejected: listRejected(this.rejected),
      exif: boxed.exif,
      findings: sortByHarm([
        ...curationFindings({ ...this, boxed, adviser }, seen),
        ...labelFindings({
          labels: seen.labels,
          boxes,
          valImages: val.length,
          testImages: countByLabel(this.manifests.val),
          candidates: boxed.candidates,
          adviser,
        }),
        ...boxFindings({ used, boxes, copies: boxed.resizedCopies }),
        ...(disagreeing ? [disagreeing] : []),
        ...(unmoved ? [unmoved] : []),
        ...lossFindings({
          ...{ found, dropped, images: seen.images, boxed, adviser },
          minBoxPx: this.settings.minBoxPx,
        }),
        ...exifFindings(boxed.exif),
        ...(storedByBoxes ? [storedByBoxes] : []),
        ...sizeFindings(boxed),
        ...conventionFindings(boxed.conventions),
        ...exchangedFindings(boxed.shapesExchanged),
        ...(centred ? [centred] : []),
        ...(lowContrast ? [lowContrast] : []),
        ...(tiledSmall ? [tiledSmall] : []),
      ]),
    };
  }
}

function tileCounts({ train, val }: NonNullable<Tally['tiled']>): TileCounts {
  return {
    train: train.tiles,
    val: val.tiles,
    withoutBoxes: train.withoutBoxes + val.withoutBoxes,
    uncutPhotos: train.uncutPhotos + val.uncutPhotos,
  };
}

function groupCounts(used: readonly CuratedImage[], { sameSource, groupBy }: KeptTogether): GroupCounts {
  return {
    ...copyCounts(used),
    ...(sameSource.groups > 0 ? { sameSource } : {}),
    ...(groupBy ? { groupBy } : {}),
  };
}

function nothingBoxed({ exifBoxes: setting }: DatasetSettings): BoxedImages {
  const exif = { setting, files: [], undecidable: [] };
  const together = keepTogether([], '');
  const conventions = { other: [], beyond: { boxes: 0, paths: [], fitting: [] } };
  const none = {
    candidates: [],
    neverAnnotated: 0,
    tooSmall: [],
    outside: new Map(),
    mismatched: [],
    exchangedRecords: [],
    rotationsLost: new Set<string>(),
    sizesFromFiles: [],
    sizesAmbiguous: [],
    storedByBoxes: [],
    exifConflicts: [],
    resizedCopies: [],
    shapesExchanged: new Set<string>(),
    centred: new Set<string>(),
  };
  return { ...none, conventions, exif, together };
}
