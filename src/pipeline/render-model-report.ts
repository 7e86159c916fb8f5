import { miniature } from '../images/miniature.js';
import type { ShownImage } from '../report/facts.js';
import { type ModelReportData, SHOWN, shownTopics } from '../report/model/data.js';
import { modelReportPage } from '../report/model/page.js';
import { shownDoubt } from '../report/model/steps.js';
import type { Picture } from '../report/pictures.js';

/** Maximum total size of the embedded pictures in bytes; keeps the whole report below 2 MB. */
const PICTURES_BUDGET = 1_500_000;

/**
 * Renders the report of a model with its pictures. Images are read one at a time; one that several kinds of errors show
 * is read once for them.
 * @param read returns the bytes of a preprocessed image; undefined if it is missing
 */
export async function renderModelReport(
  data: ModelReportData,
  read: (key: string) => Promise<Buffer | undefined>,
): Promise<string> {
  const topics = shownTopics(data.images);
  const keys = new Set(topics.flatMap(({ shown }) => shown.map(({ key }) => key)));
  const shown = data.review.doubts.slice(0, SHOWN).map(shownDoubt);
  const budget = new PictureBudget(PICTURES_BUDGET);
  const views = new Map<ShownImage, Picture>();
  for (const { doubt, image } of shown) {
    await budget.add(views, image, await read(doubt.key), image.view);
  }
  const pictures = new Map<string, Picture>();
  for (const key of keys) await budget.add(pictures, key, await read(key), null);
  return modelReportPage(data, { topics, pictures }, { shown, pictures: views });
}

/** Makes pictures until their total size is reached. */
class PictureBudget {
  constructor(private left: number) {}

  /** Adds the picture of an image or of a region of it; none if it cannot be decoded or does not fit. */
  async add<K>(
    pictures: Map<K, Picture>,
    key: K,
    bytes: Buffer | undefined,
    region: ShownImage['view'],
  ): Promise<void> {
    const made = bytes && this.left > 0 ? await miniature(bytes, region) : undefined;
    if (!made) return;
    const jpegBase64 = made.jpeg.toString('base64');
    this.left -= jpegBase64.length;
    if (this.left < 0) return;
    pictures.set(key, { width: made.width, height: made.height, jpegBase64 });
  }
}
