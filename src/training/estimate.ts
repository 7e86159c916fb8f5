import type { HourlyRates } from '../config/environment.js';

/** US dollars an hour of training, and an hour of a running model for each inference unit (us-east-1). */
const PUBLISHED = { training: 1, inference: 4 } as const;
const PRICES = 'https://aws.amazon.com/rekognition/pricing/';

/** Two trainings that are known: images of both manifests, hours. */
const SMALL = { images: 70, hours: 1 };
const LARGE = { images: 889, hours: 2.8 };
/** What the developer guide calls typical. */
const TYPICAL_HOURS = { least: 0.5, most: 24 };

export interface Rate {
  readonly usd: number;
  /** Where it comes from. */
  readonly source: string;
}

/** The rate that is set in TRAINING_HOURLY_RATE_USD or INFERENCE_HOURLY_RATE_USD, else the published one. */
export function hourlyRate(kind: keyof typeof PUBLISHED, rates: HourlyRates): Rate {
  const usd = rates[kind];
  if (usd === undefined) return { usd: PUBLISHED[kind], source: `${PRICES}, us-east-1` };
  return { usd, source: kind === 'training' ? 'TRAINING_HOURLY_RATE_USD' : 'INFERENCE_HOURLY_RATE_USD' };
}

/** Hours that a training of so many images may take: on the line through two known ones. An estimate, no promise. */
export function estimatedHours(images: number): number {
  const slope = (LARGE.hours - SMALL.hours) / (LARGE.images - SMALL.images);
  const hours = SMALL.hours + slope * (images - SMALL.images);
  const likely = Math.min(TYPICAL_HOURS.most, Math.max(TYPICAL_HOURS.least, hours));
  return Math.round(likely * 10) / 10;
}

export const HOURS_BASIS = `${SMALL.images} images took ${SMALL.hours} h and ${LARGE.images} took ${LARGE.hours} h; the service bills more hours than pass where it trains on several machines`;
