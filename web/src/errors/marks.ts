import { imageName } from '../../../src/dataset/model/tiled-images.js';
import type { TopicErrors } from '../../../src/evaluation/worst-images.js';
import { plural } from '../format.js';
import type { Mark } from '../parts/boxed.js';
import type { LightboxPicture } from '../run/lightbox.js';
import type { JudgedTestImage } from './judge.js';

/**
 * A test image with the labelled boxes and the detections, those that are no error or belong to none being faint.
 * @param hasOthers whether the faint boxes are drawn
 */
export function pictureOf(image: JudgedTestImage, errors: TopicErrors, hasOthers: boolean): LightboxPicture {
  const { path, key, width, height, tile, objects, detections } = image;
  const wrong = new Set(errors.detections);
  // The object that explains an error is shown as clearly as the error.
  const explaining = new Set(errors.detections.map(({ object }) => object));
  const marks: Mark[] = [
    ...objects.map((object, index) => ({
      ...boxOf(object),
      isFaint: !errors.objects.includes(object) && !explaining.has(index),
      text: object.label,
    })),
    ...detections.map((detection) => ({
      ...boxOf(detection),
      isDetected: true,
      isFaint: !wrong.has(detection),
      text: `${detection.label} ${detection.confidence.toFixed(2)}`,
    })),
  ];
  const counted = countText(errors);
  return {
    ...{ path, key, width, height, tile },
    // Drawn last, the errors lie above the other boxes.
    boxes: [
      ...(hasOthers ? marks.filter(({ isFaint }) => isFaint) : []),
      ...marks.filter(({ isFaint }) => !isFaint),
    ],
    alt: `${imageName(image)}: ${counted}`,
    about: `${counted}. Solid: labelled, dashed: detected with its confidence.`,
  };
}

/** Maximum classes that fit below a tile. */
const MAX_NAMED = 3;

/** The errors by class, the most frequent first: `2 × papule, 1 × nodule`. */
export function countText({ objects, detections }: TopicErrors): string {
  const counts = new Map<string, number>();
  for (const { label } of [...objects, ...detections]) counts.set(label, (counts.get(label) ?? 0) + 1);
  const named = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_NAMED)
    .map(([label, n]) => `${n} × ${label}`);
  const more = counts.size - named.length;
  return [...named, ...(more > 0 ? [`${plural(more, 'other class')}`] : [])].join(', ');
}

function boxOf({ label, left, top, width, height }: Mark): Mark {
  return { label, left, top, width, height };
}
