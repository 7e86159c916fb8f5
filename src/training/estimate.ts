import type { HourlyRates } from '../config/environment.js';

/** Published prices in us-east-1, in US dollars: per hour of training, and per hour and inference unit of a running model. */
const PUBLISHED = { training: 1, inference: 4 } as const;
const PRICES = 'https://aws.amazon.com/rekognition/pricing/';

/** Two measured trainings on AWS: images of both manifests together, and hours. */
const SMALL = { images: 70, hours: 1 };
const LARGE = { images: 889, hours: 2.8 };
/** Range of training hours that the developer guide calls typical. */
const TYPICAL_HOURS = { min: 0.5, max: 24 };

/** An hourly rate. */
export interface Rate {
  /** US dollars per hour. */
  readonly usd: number;
  /** The variable or web page that the rate comes from. */
  readonly source: string;
}

/** The rate that is set in TRAINING_HOURLY_RATE_USD or INFERENCE_HOURLY_RATE_USD, else the published one. */
export function hourlyRate(kind: keyof typeof PUBLISHED, rates: HourlyRates): Rate {
  const usd = rates[kind];
  if (usd === undefined) return { usd: PUBLISHED[kind], source: `${PRICES}, us-east-1` };
  return { usd, source: kind === 'training' ? 'TRAINING_HOURLY_RATE_USD' : 'INFERENCE_HOURLY_RATE_USD' };
}

/** Estimates the hours that a training with this number of images takes, by linear interpolation of two measured trainings. */
export function estimatedHours(images: number): number {
  const slope = (LARGE.hours - SMALL.hours) / (LARGE.images - SMALL.images);
  const hours = SMALL.hours + slope * (images - SMALL.images);
  const clamped = Math.min(TYPICAL_HOURS.max, Math.max(TYPICAL_HOURS.min, hours));
  return Math.round(clamped * 10) / 10;
}

/** Explains the estimate in an approval request. */
export const HOURS_BASIS = `${SMALL.images} images took ${SMALL.hours} h and ${LARGE.images} images took ${LARGE.hours} h; training on several machines is billed for more hours than it takes`;
