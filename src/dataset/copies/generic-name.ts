/** Words of names that cameras, exporters and browsers give. They do not identify a photo. */
const GENERIC_WORDS = new Set(
  [
    'img imgs image images photo photos pic pics picture pictures foto bild',
    'dsc dscn dscf pxl mvimg mvi gopr dji screenshot screen shot snapshot scan scanned capture webcam camera cam',
    'frame frames video videos vid mov clip file files download downloaded untitled unnamed whatsapp telegram copy new',
    'crop cropped tile patch resized edited original thumb train valid val test data dataset sample class',
    'jpg jpeg png bmp gif tif tiff webp heic avif',
  ].flatMap((line) => line.split(' ')),
);

/** A word with fewer letters, such as the "n" of `n50`, does not identify a photo. */
const MIN_WORD_LETTERS = 3;

/** Whether a part of a name is a hash: at least 12 hexadecimal digits, with both letters and numbers. */
const isHash = (part: string) => /^[0-9a-f]{12,}$/.test(part) && /\d/.test(part) && /[a-f]/.test(part);

/**
 * Whether unrelated photos may share a source name: it has no hash, and no word of three letters or more besides those
 * that cameras and exporters use. `12_jpg`, `IMG_0041_jpg` and `n50_jpeg` are generic; `patient-anna-3_jpg` is not.
 */
export function isGenericName(source: string): boolean {
  const name = source.normalize('NFC').toLowerCase();
  if (name.split(/[^\p{L}\p{N}]+/u).some(isHash)) return false;
  const words = name.match(/\p{L}+/gu) ?? [];
  return words.every((word) => word.length < MIN_WORD_LETTERS || GENERIC_WORDS.has(word));
}
