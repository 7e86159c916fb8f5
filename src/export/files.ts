import type { VersionImage } from '../dataset/model/version-images.js';

/** A curated dataset version to export. */
export interface ExportedDataset {
  readonly dataset: string;
  readonly datasetVersion: string;
  /** Class names in the order of their ids. */
  readonly labels: readonly string[];
  readonly images: readonly NamedImage[];
}

export interface NamedImage extends VersionImage {
  /** File name in the export, unique in the whole export even without its extension. */
  readonly name: string;
}

/** A file of the export: an unchanged object of the bucket, or a text in chunks. */
export type ExportFile =
  | { readonly path: string; readonly key: string }
  | { readonly path: string; readonly text: () => Iterable<string> };

export const EXPORT_FORMATS = ['coco', 'yolo'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
