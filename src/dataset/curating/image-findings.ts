import { agreeing, plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { DatasetSettings } from '../model/settings.js';

/** The finding on images with low contrast; undefined if there are none. */
export function lowContrastImages(
  paths: readonly string[],
  images: number,
  { stretchContrast }: Pick<DatasetSettings, 'stretchContrast'>,
): DatasetFinding | undefined {
  const remedy =
    stretchContrast === 'auto'
      ? 'Their contrast was stretched without success: replace these images or remove them.'
      : 'If an image viewer shows them well, set STRETCH_CONTRAST=auto, which helps unless they are transparent or of one colour. Otherwise replace or remove them.';
  return warning(
    'LOW_CONTRAST_IMAGES',
    paths.length,
    {
      headline: `${paths.length} of ${plural(images, 'image')} ${agreeing(paths.length, 'is', 'are')} nearly uniform or nearly black after conversion to 8 bits, so a model learns little from ${agreeing(paths.length, 'it', 'them')}.`,
      rest: remedy,
    },
    paths,
  );
}
