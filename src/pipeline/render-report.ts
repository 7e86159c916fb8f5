import { miniature } from '../images/miniature.js';
import type { ReportData } from '../report/data.js';
import { type ShownImage, shownImages } from '../report/facts.js';
import { reportPage } from '../report/page.js';
import type { Picture } from '../report/pictures.js';

/** Maximum total size of the embedded pictures in bytes; keeps the whole report below 3 MB. */
const PICTURES_BUDGET = 2_000_000;

/**
 * Renders report.html with its pictures. Images are read one at a time, so that memory does not grow with the dataset.
 * @param read returns the bytes of a preprocessed image, or of the original if `key` is null; undefined if missing
 */
export async function renderReport(
  data: ReportData,
  read: (image: ShownImage) => Promise<Buffer | undefined>,
): Promise<string> {
  const pictures = new Map<ShownImage, Picture>();
  let left = PICTURES_BUDGET;
  for (const image of data.facts ? shownImages(data.facts) : []) {
    const bytes = await read(image);
    const made = bytes && (await miniature(bytes, image.view));
    if (!made) continue;
    const jpegBase64 = made.jpeg.toString('base64');
    if (jpegBase64.length > left) break;
    left -= jpegBase64.length;
    pictures.set(image, { width: made.width, height: made.height, jpegBase64 });
  }
  return reportPage(data, pictures);
}
