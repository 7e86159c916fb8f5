import { miniature } from '../images/miniature.js';
import { type ModelReportData, shownTopics } from '../report/model/data.js';
import { modelReportPage } from '../report/model/page.js';
import type { Picture } from '../report/pictures.js';

/** Maximum total size of the embedded pictures in bytes; keeps the whole report below 2 MB. */
const PICTURES_BUDGET = 1_500_000;

/**
 * Renders the report of a model with its pictures. Images are read one at a time, and one that several sections show is
 * read once.
 * @param read returns the bytes of a preprocessed image; undefined if it is missing
 */
export async function renderModelReport(
  data: ModelReportData,
  read: (key: string) => Promise<Buffer | undefined>,
): Promise<string> {
  const topics = shownTopics(data.images);
  const keys = new Set(topics.flatMap(({ shown }) => shown.map(({ key }) => key)));
  const pictures = new Map<string, Picture>();
  let left = PICTURES_BUDGET;
  for (const key of keys) {
    const bytes = await read(key);
    const made = bytes && (await miniature(bytes, null));
    if (!made) continue;
    const jpegBase64 = made.jpeg.toString('base64');
    if (jpegBase64.length > left) break;
    left -= jpegBase64.length;
    pictures.set(key, { width: made.width, height: made.height, jpegBase64 });
  }
  return modelReportPage(data, topics, pictures);
}
