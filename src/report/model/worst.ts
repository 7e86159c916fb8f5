import type { ReviewedImage } from '../../advice/label-review.js';
import { photosAndTiles, tileText } from '../../dataset/model/tiled-images.js';
import type { JudgedDetection, JudgedObject } from '../../evaluation/error-kinds.js';
import { type ErrorTopic, errorsOf } from '../../evaluation/worst-images.js';
import { groupBy } from '../../lib/group-by.js';
import { type Html, html } from '../html.js';
import type { Picture } from '../pictures.js';
import type { ShownTopic } from './data.js';

/** Embedded pictures by S3 key; those that could not be read or exceed the budget of bytes are missing. */
export type TestPictures = ReadonlyMap<string, Picture>;

/** The section with the worst test images of each kind of error; null if the model makes none. */
export function worst(topics: readonly ShownTopic[], pictures: TestPictures): Html | null {
  if (topics.length === 0) return null;
  const sections = topics.map(({ words: { topic, name, text }, errors, images, tiles, shown }) => {
    return html`<h3>${name}: ${errors} in ${photosAndTiles(images, tiles)}</h3><p class="soft">${text}</p><div class="grid">${shown.map((image) => testFigure(topic, image, pictures))}</div>
`;
  });
  return html`<h2 id="images">Test images, worst first</h2>
<p class="legend"><span class="k-own">labelled</span> <span class="k-other">detected</span> <span class="k-dropped">the errors of the section</span></p>
${sections}`;
}

function testFigure(topic: ErrorTopic, image: ReviewedImage, pictures: TestPictures): Html {
  const picture = pictures.get(image.key);
  const { objects, detections } = errorsOf(topic, image);
  const errors = [...objects, ...detections];
  const place = image.tile ? `, ${tileText(image.tile)}` : '';
  const names = describeErrors(errors);
  const alt = `${image.path}${place}: ${names}`;
  return html`<figure>${picture ? drawing(image, picture, errors, alt) : html`<div class="gone">no picture</div>`}<figcaption>${names}<span class="path" title="${image.path}${place}">${image.path}${place}</span></figcaption></figure>`;
}

function drawing(
  image: ReviewedImage,
  { jpegBase64 }: Picture,
  errors: readonly (JudgedObject | JudgedDetection)[],
  alt: string,
): Html {
  const { width, height } = image;
  const wrong = new Set(errors);
  const size = Math.max(width, height) / 18;
  const outlines = [...image.objects, ...image.detections].map((box) => {
    const kind = wrong.has(box) ? 'dropped' : 'confidence' in box ? 'other' : 'own';
    const dashed = 'confidence' in box ? html` stroke-dasharray="4 3"` : null;
    return html`<path class="${kind}"${dashed} d="M${box.left} ${box.top}h${box.width}v${box.height}h${-box.width}z"/>${wrong.has(box) ? html`<text class="name" x="${box.left}" y="${Math.max(size, box.top - size / 4)}" font-size="${size}">${nameOf(box)}</text>` : null}`;
  });
  return html`<svg class="picture" role="img" aria-label="${alt}" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/jpeg;base64,${jpegBase64}"/>${outlines}</svg>`;
}

/** The classes of boxes with their numbers and highest confidence, such as `papule ×3, up to 40 %`. */
function describeErrors(boxes: readonly (JudgedObject | JudgedDetection)[]): string {
  return [...groupBy(boxes, ({ label }) => label)]
    .map(([label, own]) => {
      const [first] = own;
      if (own.length === 1 && first) return nameOf(first);
      const most = own.reduce((max, box) => ('confidence' in box ? Math.max(max, box.confidence) : max), 0);
      return `${label} ×${own.length}${most > 0 ? `, up to ${percent(most)}` : ''}`;
    })
    .join('; ');
}

/** The class of a box, with the confidence of a detection in percent. */
function nameOf(box: JudgedObject | JudgedDetection): string {
  return 'confidence' in box ? `${box.label} ${percent(box.confidence)}` : box.label;
}

const percent = (share: number) => `${Math.round(100 * share)} %`;
