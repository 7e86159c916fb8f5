import { plural } from '../../lib/plural.js';
import { countByLabel } from '../model/candidates.js';
import { DatasetError } from '../model/errors.js';
import type { DatasetSettings } from '../model/settings.js';
import { describe, sizeChanges, VAL_SPLITS } from './advice.js';
import type { Tally } from './tally.js';
import type { Change, Trials } from './trials.js';

/** Maximum changes of settings that are tried for a refusal. */
const MAX_TRIALS = 60;
/** Shares that are tried for VAL_SPLIT: a dataset that is otherwise refused may need a large one. */
const SHARES = [...VAL_SPLITS, 0.4, 0.5];

/** The changes that may lead out of a refusal, what to do without a change, and the settings that changes name. */
interface Remedies {
  readonly changes: readonly Change[];
  readonly otherwise: string;
  readonly names: string;
  /** Whether that comes before a change, which only hides the cause. */
  readonly isFirst?: boolean;
}

/**
 * The refusal with advice. A change of settings is advised only if the dataset was curated with it; if no change helps,
 * the advice says why.
 */
export function withAdvice(error: DatasetError, tally: Tally, trials: Trials): DatasetError {
  const remedies = remediesOf(error, tally, trials.input.settings);
  if (!remedies) return error;
  const text = isShortage(error) ? shortageAdvice(remedies, tally, trials) : tried(remedies, tally, trials);
  const isFirst = isShortage(error) && tally.losses?.isFirst === true;
  const message = isFirst ? `${text} ${error.message}` : `${error.message} ${text}`;
  return new DatasetError(error.type, message, error.details, error.rejected);
}

/** Whether too few images of classes are the reason, which losses may have caused. */
const isShortage = ({ type }: DatasetError) => type === 'NoClassLeft' || type === 'SplitImpossible';

/** A setting would train on the remainder, so that strong losses come first, and alone if boxes are misplaced. */
function shortageAdvice(remedies: Remedies, tally: Tally, trials: Trials): string {
  const losses = tally.losses;
  if (!losses) return tried(remedies, tally, trials);
  const helpful = losses.isMisplaced ? undefined : firstHelpful(remedies, trials);
  if (!helpful || !('change' in helpful)) return losses.text;
  const { change, result } = helpful;
  return `${losses.text} To train without them, set ${describe(change)}, which ${outcomeOf(result, tally)}.`;
}

function remediesOf(error: DatasetError, tally: Tally, settings: DatasetSettings): Remedies | undefined {
  switch (error.type) {
    case 'TooManyRejectedImages':
      return moreRejected(tally);
    case 'NoUsableImages':
      return tally.boxed && tally.boxed.tooSmall.length > 0
        ? {
            changes: sizeChanges(tally.boxed.tooSmall, settings),
            otherwise: 'take photos from a shorter distance',
            names: 'MIN_BOX_PX or IMAGE_MAX_SIDE',
          }
        : undefined;
    case 'NoClassLeft':
      return fewerImages(tally, settings);
    case 'SplitImpossible':
      return settings.split === 'export' ? OWN_SPLIT : largerVal(tally, settings);
    default:
      return undefined;
  }
}

const OWN_SPLIT: Remedies = {
  changes: [{ split: 'curator' }],
  otherwise: 'export again with a split',
  names: 'SPLIT',
};

/** The lowest MAX_REJECTED_RATIO, in hundredths, that accepts the images. */
function moreRejected({ rejected, input }: Tally): Remedies {
  const found = input.images.length + input.missing.length;
  const areMissing = rejected.every(({ reason }) => reason === 'missing-in-archive');
  return {
    changes: [{ maxRejectedRatio: Math.ceil((100 * rejected.length) / found) / 100 }],
    otherwise: areMissing
      ? 'add the missing images to the archive, or correct each file_name'
      : 'fix or replace the images',
    names: 'MAX_REJECTED_RATIO',
    isFirst: true,
  };
}

/** The highest MIN_CLASS_IMAGES first, alone and then together with VAL_SPLIT. */
function fewerImages(tally: Tally, settings: DatasetSettings): Remedies {
  const counts = [...new Set(classCounts(tally))].sort((a, b) => b - a);
  const lower = counts.filter((count) => count < settings.minClassImages);
  const shares = settings.split === 'export' ? [] : SHARES.filter((share) => share > settings.valSplit);
  return {
    changes: [
      ...lower.map((minClassImages) => ({ minClassImages })),
      ...lower.flatMap((minClassImages) => shares.map((valSplit) => ({ minClassImages, valSplit }))),
    ],
    otherwise: 'label more images',
    names: shares.length > 0 ? 'MIN_CLASS_IMAGES and VAL_SPLIT' : 'MIN_CLASS_IMAGES',
  };
}

/** A larger share, or fewer classes that val must show. */
function largerVal(tally: Tally, settings: DatasetSettings): Remedies {
  const { enableBalance, minClassImages, perClassCap, valSplit } = settings;
  const counts = [...new Set(classCounts(tally))].sort((a, b) => a - b);
  const higher = enableBalance
    ? counts.map((count) => count + 1).filter((count) => count > minClassImages && count <= perClassCap)
    : [];
  return {
    changes: [
      ...SHARES.filter((share) => share > valSplit).map((share) => ({ valSplit: share })),
      ...higher.map((count) => ({ minClassImages: count })),
    ],
    otherwise: 'add images',
    names: higher.length > 0 ? 'VAL_SPLIT or MIN_CLASS_IMAGES' : 'VAL_SPLIT',
  };
}

const classCounts = ({ boxed }: Tally) => countByLabel(boxed?.candidates ?? []).values();

/** "Set VAL_SPLIT=0.15, which gives 8 training and 1 validation images, or add images." */
function tried(remedies: Remedies, tally: Tally, trials: Trials): string {
  const { otherwise, names, isFirst } = remedies;
  const sentence = `${otherwise.charAt(0).toUpperCase()}${otherwise.slice(1)}.`;
  const found = firstHelpful(remedies, trials);
  if (!found) return sentence;
  if ('why' in found) return `No change of ${names} helps: ${firstSentence(found.why)} ${sentence}`;
  const setting = `set ${describe(found.change)}, which ${outcomeOf(found.result, tally)}`;
  return isFirst === true
    ? `${sentence} To train without them, ${setting}.`
    : `Set ${setting.slice('set '.length)}, or ${otherwise}.`;
}

const firstSentence = (text: string) => text.replace(/(?<=[^.]\.) .*/s, '');

type Found = { readonly change: Change; readonly result: Tally } | { readonly why: string };

/** The first change that leads to a dataset, or why none does; undefined if none was tried. */
function firstHelpful({ changes }: Remedies, trials: Trials): Found | undefined {
  let why: string | undefined;
  for (const change of changes.slice(0, MAX_TRIALS)) {
    const result = trials.with(change);
    if (result === undefined) return undefined;
    if (!(result instanceof DatasetError)) return { change, result };
    why ??= result.message;
  }
  return why === undefined ? undefined : { why };
}

function outcomeOf({ train, val }: Tally, { boxed }: Tally): string {
  const classes = countByLabel([...train, ...val]).size;
  const images = `${train.length} training and ${plural(val.length, 'validation image')}`;
  const all = countByLabel(boxed?.candidates ?? []).size;
  return all > classes ? `keeps ${classes} of ${all} classes and gives ${images}` : `gives ${images}`;
}
