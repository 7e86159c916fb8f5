import { miniature } from '../images/miniature.js';
import type { ReportData } from '../report/data.js';
import { type ShownImage, shownImages } from '../report/facts.js';
import { reportPage } from '../report/page.js';
import type { Picture } from '../report/pictures.js';

/** Bytes of all pictures as they are embedded: with the rest of the report it stays under 3 MB. */
const PICTURES_BUDGET = 2_000_000;

/**
 * The report, with the pictures that it shows. They are read one at a time, so that memory doesn't grow with the dataset.
 * @param read an image's bytes: preprocessed, or the original where `key` is null; undefined where it isn't there
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
