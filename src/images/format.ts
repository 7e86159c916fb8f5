/** Image file formats, detected by the first bytes of a file and never by its extension. */
export type ImageFormat =
  | 'jpeg'
  | 'png'
  | 'webp'
  | 'tiff'
  | 'gif'
  | 'avif'
  | 'heic'
  | 'bmp'
  | 'psd'
  | 'jpeg 2000'
  | 'jpeg xl'
  | 'unknown';

/**
 * The formats that are decoded. Others never reach libvips, which would also load SVG and PDF: these can read other
 * files and take long. The remaining formats are detected only to name them in the rejection.
 */
export const DECODED_FORMATS: ReadonlySet<ImageFormat> = new Set([
  'jpeg',
  'png',
  'webp',
  'tiff',
  'gif',
  'avif',
]);

/** Detects the format of an image by its first bytes. */
export function formatOf(bytes: Buffer): ImageFormat {
  const starts = (text: string, at = 0) => bytes.toString('latin1', at, at + text.length) === text;
  if (starts('\xff\xd8\xff')) return 'jpeg';
  if (starts('\x89PNG\r\n\x1a\n')) return 'png';
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp';
  if (starts('II*\0') || starts('MM\0*')) return 'tiff';
  if (starts('GIF8')) return 'gif';
  if (starts('ftyp', 4)) return containerFormat(bytes);
  if (starts('BM')) return 'bmp';
  if (starts('8BPS')) return 'psd';
  if (starts('jP  ', 4) || starts('\xff\x4f\xff\x51')) return 'jpeg 2000';
  if (starts('JXL ', 4) || starts('\xff\x0a')) return 'jpeg xl';
  return 'unknown';
}

const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1'];

/** Detects AVIF and HEIC by the brands in the first box of an ISO media file; videos are ISO media files too. */
function containerFormat(bytes: Buffer): ImageFormat {
  const brands = bytes.toString('latin1', 8, Math.min(bytes.readUInt32BE(0), 256));
  if (/avi[fs]/.test(brands)) return 'avif';
  return HEIC_BRANDS.some((brand) => brands.includes(brand)) ? 'heic' : 'unknown';
}
