/** File formats told by their first bytes, never by their extension. */
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
 * Nothing but these reaches the decoder: libvips would also load SVG and PDF, which read files and run for long.
 * The others are told so that the rejection can name them; sharp's prebuilt libvips decodes none of them.
 */
export const DECODED_FORMATS: ReadonlySet<ImageFormat> = new Set([
  'jpeg',
  'png',
  'webp',
  'tiff',
  'gif',
  'avif',
]);

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

/** By the brands that an ISO media file names in its first box; videos are such files too. */
function containerFormat(bytes: Buffer): ImageFormat {
  const brands = bytes.toString('latin1', 8, Math.min(bytes.readUInt32BE(0), 256));
  if (/avi[fs]/.test(brands)) return 'avif';
  return HEIC_BRANDS.some((brand) => brands.includes(brand)) ? 'heic' : 'unknown';
}
