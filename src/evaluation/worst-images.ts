import type { JudgedDetection, JudgedImage, JudgedObject } from './error-kinds.js';

/** What a person looks for in the test images. */
export type ErrorTopic = 'not-detected' | 'on-nothing' | 'wrong-class' | 'badly-placed';

/** Errors of a topic on one image. */
export interface TopicErrors {
  readonly objects: readonly JudgedObject[];
  readonly detections: readonly JudgedDetection[];
}

/**
 * The errors of a topic. `not-detected` has the objects that no detection refers to, `on-nothing` the detections of nothing
 * and the second ones of an object; the two other topics are detections too.
 */
export function errorsOf(topic: ErrorTopic, { objects, detections }: JudgedImage): TopicErrors {
  const ofKinds = (...kinds: readonly JudgedDetection['kind'][]) => ({
    objects: [],
    detections: detections.filter(({ kind }) => kinds.includes(kind)),
  });
  switch (topic) {
    case 'not-detected':
      return { objects: objects.filter(({ kind }) => kind === 'not-detected'), detections: [] };
    case 'on-nothing':
      return ofKinds('on-nothing', 'duplicate');
    case 'wrong-class':
      return ofKinds('wrong-class', 'wrong-class-and-place');
    case 'badly-placed':
      return ofKinds('badly-placed');
  }
}

/** Number of errors of a topic on an image. */
export function countErrors(topic: ErrorTopic, image: JudgedImage): number {
  const { objects, detections } = errorsOf(topic, image);
  return objects.length + detections.length;
}

/** The images with errors of a topic, worst first. */
export function worstImages<T extends JudgedImage>(images: readonly T[], topic: ErrorTopic): T[] {
  return rankByErrors(images, (image) => errorsOf(topic, image));
}

/**
 * The images with chosen errors, the most errors first; of images with as many errors, the one first in which the model
 * is surer of one. Images that are equal in both keep their order.
 */
export function rankByErrors<T extends JudgedImage>(
  images: readonly T[],
  choose: (image: T) => TopicErrors,
): T[] {
  return images
    .map((image) => {
      const { objects, detections } = choose(image);
      // Sorted by falling confidence.
      return {
        image,
        errors: objects.length + detections.length,
        confidence: detections[0]?.confidence ?? 0,
      };
    })
    .filter(({ errors }) => errors > 0)
    .sort((a, b) => b.errors - a.errors || b.confidence - a.confidence)
    .map(({ image }) => image);
}
