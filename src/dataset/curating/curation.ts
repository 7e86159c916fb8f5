import type { BoxedImages } from '../boxes/box-images.js';
import type { ExifFacts } from '../boxes/exif-facts.js';
import type { CuratingCounts, GroupCounts, LabelCounts } from '../model/counts.js';
import type { DatasetFinding } from '../model/findings.js';
import type { CuratedImage, Rejected, Side } from '../model/types.js';

/** The counts and findings of curating, without the images: what reports are made of. */
export interface CurationFacts extends CuratingCounts {
  /** Classes of the export with their usable boxes, before any rule of curating; sorted by name. */
  readonly labelsFound: readonly LabelFound[];
  /** The classes of the manifests, sorted by name. The index of a class is its id in the manifests. */
  readonly labels: readonly LabelCounts[];
  readonly groups: GroupCounts;
  /** Sorted by path; maximum 1,000. `images.rejected` counts all. */
  readonly rejected: readonly Rejected[];
  readonly exif: ExifFacts;
  readonly findings: readonly DatasetFinding[];
}

/** The result of curating a dataset. */
export interface Curation extends CurationFacts {
  /** Photos for training, sorted by key. */
  readonly train: readonly CuratedImage[];
  /** Photos for validation, sorted by key. */
  readonly val: readonly CuratedImage[];
  /** The images of the two manifests: these photos, and with TILES their tiles. */
  readonly manifests: Readonly<Record<Side, readonly CuratedImage[]>>;
  /** All readable images with their boxes moved, before classes and images were chosen. */
  readonly boxed: BoxedImages;
}

/** Usable boxes of a class in the export, and the number of images that show them. */
export interface LabelFound {
  readonly label: string;
  readonly images: number;
  readonly boxes: number;
}
