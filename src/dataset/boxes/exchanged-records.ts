import { groupBy } from '../../lib/group-by.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { Size } from '../model/types.js';
import { type Frame, frameOf, isExchanged } from './framed-boxes.js';
import type { BoxReading, SeenImage } from './seen-image.js';
import { isFileSize } from './true-sizes.js';

/** Minimum images that state the size of another image, and sizes of the files that differ. */
const MIN_IMAGES = 5;
const MIN_SIZES = 3;

/** An image whose record states the size of another image of its COCO file. */
export interface ExchangedRecord extends Frame {
  readonly path: string;
}

/**
 * Finds the images of COCO files whose records state the sizes of the files in another order, as if file names had been
 * sorted without their records. Each size is stated as often as files have it, which no resizing explains. Exchanged
 * sides alone show nothing: a lost EXIF orientation explains them too.
 */
export function exchangedRecords(
  found: readonly SeenImage[],
  readingOf: (seen: SeenImage) => BoxReading,
): readonly ExchangedRecord[] {
  const sized = found.filter(({ image: { width, height } }) => width !== null && height !== null);
  // Images without boxes too: their sizes are part of the order.
  const byFile = groupBy(sized, ({ image }) => image.cocoFile);
  const isSmall = (images: readonly SeenImage[]) => images.length < MIN_IMAGES;
  const groups = [...byFile.values()];
  const small = groups.filter(isSmall).flat();
  return [...groups.filter((images) => !isSmall(images)), small].flatMap((images) => {
    const records = images.map((one) => ({ path: one.image.path, ...frameOf(one, readingOf(one)) }));
    const moved = records.filter((one) => !isFileSize(one));
    const files = moved.map(({ file }) => nameOf(file)).sort();
    const isOrder =
      moved.length >= MIN_IMAGES &&
      new Set(files).size >= MIN_SIZES &&
      !moved.every(isExchanged) &&
      files.join() ===
        moved
          .map(({ stated }) => nameOf(stated))
          .sort()
          .join();
    return isOrder ? moved : [];
  });
}

/** Warns of images whose records state the sizes of other images. */
export function exchangedRecordsFinding(records: readonly ExchangedRecord[]): DatasetFinding | undefined {
  return warning(
    'RECORDS_EXCHANGED',
    records.length,
    {
      headline:
        'Records state the sizes of other images: the sizes are those of the files in another order, so names and records are mixed up and boxes are on the wrong images.',
      rest: 'Export again, or write into each record the file_name of the image that its boxes belong to.',
    },
    records.map(({ path, stated, file }) => `${path}: ${nameOf(stated)} stated, the file is ${nameOf(file)}`),
  );
}

const nameOf = ({ width, height }: Size) => `${width} x ${height}`;
