/** What became of images, boxes and labels, as results, reports and model cards give it. */
export interface ImageCounts {
  /** Image records of the COCO files. */
  readonly found: number;
  /** In a manifest: train + val. */
  readonly used: number;
  /** Unreadable, missing, or outside the service's limits. */
  readonly rejected: number;
  readonly train: number;
  readonly val: number;
  /** Usable but in no manifest, by reason; with `used` and `rejected` they add up to `found`. */
  readonly left: {
    readonly neverAnnotated: number;
    readonly emptiedByBoxRules: number;
    readonly emptiedByClassDrop: number;
    readonly balancedAway: number;
  };
}

export interface AnnotationCounts {
  readonly found: number;
  readonly used: number;
  /** Dropped boxes by reason; with `used` they add up to `found`. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface LabelCounts {
  readonly label: string;
  readonly train: { readonly images: number; readonly boxes: number };
  readonly val: { readonly images: number; readonly boxes: number };
}

/** What curating has counted, as far as it came. */
export interface CuratingCounts {
  readonly images: ImageCounts;
  readonly annotations: AnnotationCounts;
  /** Sorted by name. */
  readonly droppedClasses: readonly { readonly label: string; readonly images: number }[];
}
