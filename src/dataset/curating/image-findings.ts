import { agreeing, plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { DatasetSettings } from '../model/settings.js';
import type { CuratedImage } from '../model/types.js';

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

/** The finding on photos whose tiles have no more pixels per object than the photo; undefined if there are few. */
export function tilesWithoutDetail(
  photos: readonly CuratedImage[],
  { tiles, imageMaxSide }: Pick<DatasetSettings, 'tiles' | 'imageMaxSide'>,
): DatasetFinding | undefined {
  // Runs of earlier versions do not have the setting.
  if (!(tiles > 1)) return undefined;
  const small = photos.filter(({ size }) => Math.max(size.width, size.height) <= imageMaxSide);
  if (2 * small.length <= photos.length) return undefined;
  return warning(
    'TILES_WITHOUT_DETAIL',
    small.length,
    `${small.length} of ${plural(photos.length, 'photo')} ${agreeing(small.length, 'has', 'have')} sides of up to IMAGE_MAX_SIDE=${imageMaxSide} pixels, so ${agreeing(small.length, 'its', 'their')} tiles show objects no larger than the photo does. Use larger photos. Without them, TILES helps only if photos show more boxes than MAX_BOX_PER_IMAGE.`,
    small.map(({ path, size }) => `${path}: ${size.width}x${size.height}`),
  );
}
