import { type BoxedImages, boxImages, refuseMisplaced } from '../boxes/box-images.js';
import type { SeenImage } from '../boxes/seen-image.js';
import { DatasetError } from '../model/errors.js';
import { uprightSize } from '../model/orientation.js';
import type { DatasetSettings } from '../model/settings.js';
import { photoMaxSide } from '../model/tiles.js';
import type { CurateInput } from './input.js';
import { select } from './select.js';
import { Tally } from './tally.js';

/** Maximum images for which other settings are tried: each trial curates all of them again. */
const MAX_TRIED_IMAGES = 20_000;

/** Settings that are tried in place of those of the run. */
export type Change = Partial<DatasetSettings>;

/** Curates the readable images again with other settings, for advice that was tried. */
export class Trials {
  private readonly results = new Map<string, Tally | DatasetError>();
  private unchanged: BoxedImages | undefined;

  constructor(
    readonly input: CurateInput,
    private readonly usable: readonly SeenImage[],
  ) {}

  /** The images with their boxes, with the settings of the run; saves boxing them again. */
  use(boxed: BoxedImages): void {
    this.unchanged = boxed;
  }

  /** The tally with a change of settings, or the refusal; undefined if there are no images or too many to try. */
  with(change: Change): Tally | DatasetError | undefined {
    if (this.usable.length === 0 || this.usable.length > MAX_TRIED_IMAGES) return undefined;
    // Several findings ask for the same change.
    const key = JSON.stringify(change);
    const known = this.results.get(key);
    if (known) return known;
    const result = this.curated(change);
    this.results.set(key, result);
    return result;
  }

  /** The counts of the findings by code with a change of settings; undefined if the dataset is refused or not tried. */
  readonly counts = (change: Change): ReadonlyMap<string, number> | undefined => {
    const tally = this.with(change);
    if (!(tally instanceof Tally)) return undefined;
    return new Map(tally.facts().findings.map(({ code, count }) => [code, count]));
  };

  private curated(change: Change): Tally | DatasetError {
    const settings = { ...this.input.settings, ...change };
    const trial = new Tally({ ...this.input, settings });
    try {
      const boxed = this.boxed(change, trial);
      trial.boxed = boxed;
      refuseMisplaced(boxed);
      select(boxed, settings, trial);
      return trial;
    } catch (error) {
      if (error instanceof DatasetError) return error;
      throw error;
    }
  }

  private boxed(change: Change, trial: Tally): BoxedImages {
    const { imageMaxSide, tiles, minBoxPx } = change;
    const isResized = imageMaxSide !== undefined || tiles !== undefined;
    if (!isResized && minBoxPx === undefined && this.unchanged) {
      // Findings about single boxes do not depend on the other settings, and take long.
      return { ...this.unchanged, tooSmall: [], outside: new Map(), mismatched: [] };
    }
    const side = photoMaxSide(trial.settings);
    const images = isResized ? this.usable.map((one) => resized(one, side)) : this.usable;
    return boxImages(images, this.input.groupOf, trial.settings, trial.drops);
  }
}

/** An image as preprocessing would resize it to another longest side. Boxes are measured on its size alone. */
function resized({ image, result }: SeenImage, maxSide: number): SeenImage {
  const { width, height } = uprightSize(result);
  const scale = Math.min(1, maxSide / Math.max(width, height));
  const output = { width: Math.round(width * scale), height: Math.round(height * scale) };
  return { image, result: { ...result, output } };
}
