/** Measured on two cores: 120 images took 2 minutes, 450 images 4.5. */
const START_MINUTES = 1;
const MINUTES_PER_IMAGE = 0.008;

/** The expected minutes of a cross-validation, rounded up. Many boxes, large images or a busy machine take longer. */
export const expectedMinutes = (images: number): number =>
  Math.ceil(START_MINUTES + MINUTES_PER_IMAGE * images);
