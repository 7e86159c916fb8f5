/**
 * The smallest PER_CLASS_CAP with which class balancing excludes no image: the number of images of the most frequent class.
 * @param labels all classes of the dataset, dropped ones included
 */
export const capForAll = (labels: readonly { readonly images: number }[]): number =>
  labels.reduce((most, { images }) => Math.max(most, images), 0);
