import type { ExifFacts } from '../boxes/exif-facts.js';
import type { CuratingCounts, LabelCounts } from '../model/counts.js';
import type { DatasetFinding } from '../model/findings.js';
import type { CuratedImage, Rejected } from '../model/types.js';

/** What curating made of a dataset. */
export interface Curation extends CuratingCounts {
  /** Sorted by key. */
  readonly train: readonly CuratedImage[];
  readonly val: readonly CuratedImage[];
  /** Classes of the export with their usable boxes, before any rule of curating; sorted by name. */
  readonly labelsFound: readonly LabelFound[];
  /** Sorted by name; a class's id in the manifests is its place here. */
  readonly labels: readonly LabelCounts[];
  /** Groups of copies among the used images, and the images in them. */
  readonly groups: { readonly groups: number; readonly images: number };
  /** Sorted by path, at most 1,000; `images.rejected` counts all. */
  readonly rejected: readonly Rejected[];
  readonly exif: ExifFacts;
  readonly findings: readonly DatasetFinding[];
}

/** All but the images themselves: what reports are made of. */
export type CurationFacts = Omit<Curation, 'train' | 'val'>;

export interface LabelFound {
  readonly label: string;
  readonly images: number;
  readonly boxes: number;
}
