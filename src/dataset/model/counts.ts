/** Counts of the tiles that are in the manifests beside their photos. */
export interface TileCounts {
  readonly train: number;
  readonly val: number;
  /** Tiles that show no box and are therefore in no manifest. */
  readonly withoutBoxes: number;
  /** Photos that are too small to be cut. */
  readonly uncutPhotos: number;
}

/** Counts of the images of an export by outcome, as results, reports and model cards state them. */
export interface ImageCounts {
  /** Image records of the COCO files. */
  readonly found: number;
  /** Images in a manifest: `train` + `val`. */
  readonly used: number;
  /** Images that are unreadable, missing, or outside the service's limits. */
  readonly rejected: number;
  readonly train: number;
  readonly val: number;
  /** Usable images that are in no manifest, by reason. With `used` and `rejected` they add up to `found`. */
  readonly left: {
    readonly neverAnnotated: number;
    readonly emptiedByBoxRules: number;
    readonly emptiedByClassDrop: number;
    readonly balancedAway: number;
  };
  /**
   * Photos that class balancing left out with all their copies. Absent if there are none, and in results of earlier
   * versions.
   */
  readonly unusedPhotos?: number | undefined;
  /** Tiles that are images of the manifests too; absent without TILES. All other counts are of photos. */
  readonly tiles?: TileCounts | undefined;
}

/** Numbers of images in the manifests: photos, and with TILES their tiles. */
export function manifestSizes({ train, val, tiles }: Pick<ImageCounts, 'train' | 'val' | 'tiles'>): {
  train: number;
  val: number;
} {
  return { train: train + (tiles?.train ?? 0), val: val + (tiles?.val ?? 0) };
}

/** Counts of the boxes of an export by outcome. */
export interface AnnotationCounts {
  /** Annotations of the COCO files. */
  readonly found: number;
  /** Boxes in a manifest. */
  readonly used: number;
  /** Dropped boxes by reason. With `used` they add up to `found`. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Images and boxes of one class in each manifest. */
export interface LabelCounts {
  readonly label: string;
  readonly train: { readonly images: number; readonly boxes: number };
  readonly val: { readonly images: number; readonly boxes: number };
}

/** Groups of two or more images that were joined by their names, and the number of images in them. */
export interface NameGroupCounts {
  readonly groups: number;
  readonly images: number;
}

/** Groups of images that stay on one side of the split. */
export interface GroupCounts {
  /** Groups of two or more copies among the used images, and the number of images in them. */
  readonly groups: number;
  readonly images: number;
  /** Different images with one source name, among all readable images. Absent if there are none. */
  readonly sameSource?: NameGroupCounts | undefined;
  /** Groups of two or more images that GROUP_BY names, among all readable images. Absent without GROUP_BY. */
  readonly groupBy?: NameGroupCounts | undefined;
}

/** The counts of curating. If the dataset was refused, they cover the steps before the refusal. */
export interface CuratingCounts {
  readonly images: ImageCounts;
  readonly annotations: AnnotationCounts;
  /** Classes that were dropped, with the number of their images; sorted by name. */
  readonly droppedClasses: readonly { readonly label: string; readonly images: number }[];
}
