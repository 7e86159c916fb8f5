import { groupBy } from '../../lib/group-by.js';
import { plural } from '../../lib/plural.js';
import type { TooSmallBox } from '../boxes/box-images.js';
import { isLessHarmful } from '../model/harm.js';
import type { DatasetSettings } from '../model/settings.js';
import { MAX_TILES, photoMaxSide } from '../model/tiles.js';

/**
 * The counts of the findings by code with other settings; undefined if the dataset would be refused, or is too large to
 * try.
 */
export type Attempt = (change: Partial<DatasetSettings>) => ReadonlyMap<string, number> | undefined;

/** Shares that are tried for VAL_SPLIT; a larger one would leave too little to train on. */
export const VAL_SPLITS = [0.15, 0.2, 0.25, 0.3];
/** Shares that are tried if the validation split is too large. */
const SMALLER_VAL_SPLITS = [0.1, 0.05, 0.02, 0.01];
/** Factors that are tried for PER_CLASS_CAP. */
const CAP_FACTORS = [2, 4, 8, 16];
/** Maximum values that are tried for MIN_BOX_PX. */
const MAX_BOX_SIDES = 4;
/** Minimum side of a box in pixels: the service refuses boxes of one pixel. */
const MIN_TRAINABLE_PX = 2;
const VARIABLES = {
  valSplit: 'VAL_SPLIT',
  perClassCap: 'PER_CLASS_CAP',
  minClassImages: 'MIN_CLASS_IMAGES',
  enableBalance: 'ENABLE_BALANCE',
  split: 'SPLIT',
  minBoxPx: 'MIN_BOX_PX',
  imageMaxSide: 'IMAGE_MAX_SIDE',
  tiles: 'TILES',
  maxRejectedRatio: 'MAX_REJECTED_RATIO',
} as const;
/** A change of settings that may be advised. */
type AdvisableChange = { readonly [K in keyof typeof VARIABLES]?: DatasetSettings[K] };

/** Suggests changes of settings, and only those that were tried: the finding is gone, and no more harmful one is new. */
export class Adviser {
  constructor(
    private readonly settings: DatasetSettings,
    private readonly attempt: Attempt,
    /** The findings about strong losses, which may be the reason why classes have too few images. */
    private readonly losses: readonly string[] = [],
  ) {}

  /** What helps against too few images of a class without a setting: to fix strong losses first, if there are any. */
  insteadOf(otherwise: string): string {
    return this.losses.length === 0
      ? otherwise
      : `First fix ${[...new Set(this.losses.map(lossName))].join(' and ')}, which may be the cause`;
  }

  /** "VAL_SPLIT=0.2" if that removes the finding `code`; for findings about a small validation split. */
  moreValidation(code: string): string | undefined {
    if (this.settings.split === 'export') return undefined;
    const shares = VAL_SPLITS.filter((valSplit) => valSplit > this.settings.valSplit);
    const caps = this.raisedCaps();
    return this.first(code, [
      ...shares.map((valSplit) => ({ valSplit })),
      ...caps,
      ...caps.flatMap((cap) => shares.map((valSplit) => ({ ...cap, valSplit }))),
    ]);
  }

  /** "VAL_SPLIT=0.05" if that removes the finding `code`; for findings about a large validation split. */
  lessValidation(code: string): string | undefined {
    const { split, valSplit } = this.settings;
    const shares = split === 'export' ? [] : SMALLER_VAL_SPLITS.filter((share) => share < valSplit);
    return this.first(
      code,
      shares.map((share) => ({ valSplit: share })),
    );
  }

  /**
   * "IMAGE_MAX_SIDE=960, which keeps 2 of 3 boxes, or MIN_BOX_PX=2, which keeps 3 of 3 boxes": of each setting, the
   * value that keeps most of the boxes that were too small; undefined if none keeps any.
   */
  keepBoxes(tooSmall: readonly TooSmallBox[]): string | undefined {
    const code = 'BOXES_TOO_SMALL';
    const changes = sizeChanges(tooSmall, this.settings);
    // With a setting that measures the boxes again, so that all counts are comparable.
    const before = changes.length > 0 ? this.attempt({ minBoxPx: this.settings.minBoxPx }) : undefined;
    if (!before) return undefined;
    const kept = changes.flatMap((change) => {
      const after = this.attempt(change);
      const boxes = tooSmall.length - (after?.get(code) ?? 0);
      return after && boxes > 0 && isHarmless(after, before, code) ? [{ change, boxes }] : [];
    });
    const bySetting = groupBy(kept, ({ change }) => Object.keys(change).join());
    const best = [...bySetting.values()].flatMap((values) => {
      const most = Math.max(...values.map(({ boxes }) => boxes));
      return values.filter(({ boxes }) => boxes === most).slice(-1);
    });
    const all = plural(tooSmall.length, 'box');
    const texts = best.map(({ change, boxes }) => `${describe(change)}, which keeps ${boxes} of ${all}`);
    return texts.length === 0 ? undefined : texts.join(', or ');
  }

  /** "TILES=2" if that removes the finding `code`. */
  moreTiles(code: string): string | undefined {
    return this.first(code, moreTiles(this.settings));
  }

  /** "PER_CLASS_CAP=180" if that removes the finding `code`. @param cap value that is tried */
  raiseCap(code: string, cap: number): string | undefined {
    const { enableBalance, perClassCap } = this.settings;
    return this.first(code, enableBalance && cap > perClassCap ? [{ perClassCap: cap }] : []);
  }

  /** "PER_CLASS_CAP=45" if that removes the finding `code`. */
  lowerCap(code: string): string | undefined {
    const { enableBalance, perClassCap, minClassImages } = this.settings;
    const caps = [Math.floor(perClassCap / 2), minClassImages];
    const allowed = caps.filter((cap) => cap >= minClassImages && cap < perClassCap);
    return this.first(code, enableBalance ? allowed.map((cap) => ({ perClassCap: cap })) : []);
  }

  /** "MIN_CLASS_IMAGES=12" if that removes the finding `code`, and no strong losses are a better explanation. */
  minClassImages(code: string, value: number): string | undefined {
    const { enableBalance, perClassCap } = this.settings;
    const isAllowed = this.losses.length === 0 && enableBalance && value >= 1 && value <= perClassCap;
    return this.first(code, isAllowed ? [{ minClassImages: value }] : []);
  }

  /** "ENABLE_BALANCE=false" under the same conditions. */
  noBalance(code: string): string | undefined {
    return this.first(code, this.losses.length === 0 ? [{ enableBalance: false }] : []);
  }

  /** "SPLIT=curator" if that removes the finding `code`. */
  ownSplit(code: string): string | undefined {
    return this.first(code, [{ split: 'curator' }]);
  }

  private raisedCaps(): AdvisableChange[] {
    const { enableBalance, perClassCap } = this.settings;
    return enableBalance ? CAP_FACTORS.map((factor) => ({ perClassCap: factor * perClassCap })) : [];
  }

  private first(code: string, changes: readonly AdvisableChange[]): string | undefined {
    const before = changes.length > 0 ? this.attempt({}) : undefined;
    if (!before) return undefined;
    const helpful = changes.find((change) => {
      const after = this.attempt(change);
      return after && !after.has(code) && isHarmless(after, before, code);
    });
    return helpful && describe(helpful);
  }
}

/** Findings about strong losses, as the object of a sentence. */
const LOSS_NAMES: ReadonlyMap<string, string> = new Map([
  ['MANY_BOXES_LOST', 'the lost boxes'],
  ['BOXES_BEYOND_IMAGE', 'the boxes that reach beyond their images'],
  ['BOXES_IN_OTHER_CONVENTION', 'the boxes in another convention'],
]);

/** Other findings about strong losses are of COCO files whose records contradict each other. */
const lossName = (code: string) => LOSS_NAMES.get(code) ?? 'the COCO files';

type Counts = ReadonlyMap<string, number>;

/** Whether a change adds no finding that is as harmful as `code`, or more. */
const isHarmless = (after: Counts, before: Counts, code: string) =>
  [...after.keys()].every((one) => before.has(one) || isLessHarmful(one, code));

/**
 * Changes that may keep boxes that were too small: the IMAGE_MAX_SIDE that keeps most boxes, or if no value keeps any, the
 * fewest TILES that keep most; and values of MIN_BOX_PX.
 */
export function sizeChanges(
  tooSmall: readonly TooSmallBox[],
  settings: Pick<DatasetSettings, 'minBoxPx' | 'imageMaxSide' | 'tiles'>,
): AdvisableChange[] {
  const { minBoxPx } = settings;
  const side = tooSmall.reduce((most, { keptAt }) => Math.max(most, keptAt ?? 0), 0);
  // Tiles multiply the images to train on, so larger images come first.
  const tiles = side > 0 ? undefined : helpfulTiles(tooSmall, settings);
  const sides = [...new Set(tooSmall.map(({ at }) => Math.min(at.width, at.height)))]
    .filter((length) => length >= MIN_TRAINABLE_PX && length < minBoxPx)
    .sort((a, b) => a - b);
  return [
    ...(side > 0 ? [{ imageMaxSide: side }] : []),
    ...(tiles === undefined ? [] : [{ tiles }]),
    ...sides.slice(0, MAX_BOX_SIDES).map((length) => ({ minBoxPx: length })),
  ];
}

/** Larger values of TILES. */
const moreTiles = ({ tiles: current = 1 }: Partial<DatasetSettings>): { readonly tiles: number }[] =>
  Array.from({ length: MAX_TILES - current }, (_, i) => ({ tiles: current + 1 + i }));

/** The fewest tiles at whose resolution most of the boxes are large enough; undefined if none are. */
function helpfulTiles(
  tooSmall: readonly TooSmallBox[],
  {
    minBoxPx,
    imageMaxSide,
    tiles: current = 1,
  }: Pick<DatasetSettings, 'minBoxPx' | 'imageMaxSide' | 'tiles'>,
): number | undefined {
  const before = photoMaxSide({ imageMaxSide, tiles: current });
  let [best, most]: [number | undefined, number] = [undefined, 0];
  for (const { tiles } of moreTiles({ tiles: current })) {
    const growth = photoMaxSide({ imageMaxSide, tiles }) / before;
    const kept = tooSmall.filter(
      ({ at, width, height }) => Math.min(at.width * growth, at.height * growth, width, height) >= minBoxPx,
    ).length;
    if (kept > most) [best, most] = [tiles, kept];
  }
  return best;
}

/** "VAL_SPLIT=0.2 and PER_CLASS_CAP=180" */
export function describe(change: AdvisableChange): string {
  const names = Object.keys(VARIABLES) as (keyof typeof VARIABLES)[];
  return names
    .filter((name) => change[name] !== undefined)
    .map((name) => `${VARIABLES[name]}=${change[name]}`)
    .join(' and ');
}

/** "Set VAL_SPLIT=0.2 and …" in front of what helps without a setting; only that if no setting helps. */
export function advice(setting: string | undefined, otherwise: string): string {
  return setting === undefined
    ? `${otherwise}.`
    : `Set ${setting}, or ${otherwise.charAt(0).toLowerCase()}${otherwise.slice(1)}.`;
}
