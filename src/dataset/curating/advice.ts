import { isLessHarmful } from '../model/harm.js';
import type { DatasetSettings } from '../model/settings.js';

/** The codes of the findings with other settings; undefined if the dataset would be refused, or is too large to try. */
export type Attempt = (change: Partial<DatasetSettings>) => ReadonlySet<string> | undefined;

/** Shares that are tried for VAL_SPLIT; a larger one would leave too little to train on. */
const VAL_SPLITS = [0.15, 0.2, 0.25, 0.3];
/** Factors that are tried for PER_CLASS_CAP. */
const CAP_FACTORS = [2, 4, 8, 16];
const VARIABLES = {
  valSplit: 'VAL_SPLIT',
  perClassCap: 'PER_CLASS_CAP',
  minClassImages: 'MIN_CLASS_IMAGES',
  enableBalance: 'ENABLE_BALANCE',
  split: 'SPLIT',
} as const;
type Change = { readonly [K in keyof typeof VARIABLES]?: DatasetSettings[K] };

/** Suggests changes of settings, and only those that were tried: the finding is gone, and no more harmful one is new. */
export class Adviser {
  constructor(
    private readonly settings: DatasetSettings,
    private readonly attempt: Attempt,
  ) {}

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

  /** "PER_CLASS_CAP=180" if that removes the finding `code`. */
  raiseCap(code: string): string | undefined {
    return this.first(code, this.raisedCaps());
  }

  /** "PER_CLASS_CAP=45" if that removes the finding `code`. */
  lowerCap(code: string): string | undefined {
    const { enableBalance, perClassCap, minClassImages } = this.settings;
    const caps = [Math.floor(perClassCap / 2), minClassImages];
    const allowed = caps.filter((cap) => cap >= minClassImages && cap < perClassCap);
    return this.first(code, enableBalance ? allowed.map((cap) => ({ perClassCap: cap })) : []);
  }

  /** "MIN_CLASS_IMAGES=12" if that removes the finding `code`. */
  minClassImages(code: string, value: number): string | undefined {
    const { enableBalance, perClassCap } = this.settings;
    const isAllowed = enableBalance && value >= 1 && value <= perClassCap;
    return this.first(code, isAllowed ? [{ minClassImages: value }] : []);
  }

  /** "ENABLE_BALANCE=false" if that removes the finding `code`. */
  noBalance(code: string): string | undefined {
    return this.first(code, [{ enableBalance: false }]);
  }

  /** "SPLIT=curator" if that removes the finding `code`. */
  ownSplit(code: string): string | undefined {
    return this.first(code, [{ split: 'curator' }]);
  }

  private raisedCaps(): Change[] {
    const { enableBalance, perClassCap } = this.settings;
    return enableBalance ? CAP_FACTORS.map((factor) => ({ perClassCap: factor * perClassCap })) : [];
  }

  private first(code: string, changes: readonly Change[]): string | undefined {
    const before = changes.length > 0 ? this.attempt({}) : undefined;
    if (!before) return undefined;
    const helpful = changes.find((change) => {
      const after = this.attempt(change);
      return (
        after && !after.has(code) && [...after].every((one) => before.has(one) || isLessHarmful(one, code))
      );
    });
    return helpful && describe(helpful);
  }
}

function describe(change: Change): string {
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
