import { hasAllowedRatio, SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { RejectionReason, Size } from '../dataset/model/types.js';
import type { ImageFormat } from './format.js';

export interface UnusableImage {
  readonly reason: RejectionReason;
  readonly message: string;
}

/** 200 megapixels are 600 MB of RGB; four such pipelines still fit an ordinary worker's memory. */
export const MAX_INPUT_PIXELS = 200_000_000;

/** @param size after resizing, upright */
export function outsideLimits(output: Size): UnusableImage | undefined {
  const { width, height } = output;
  const size = `${width}x${height} pixels after resizing`;
  if (!hasAllowedRatio(output)) {
    return {
      reason: 'aspect-ratio',
      message: `It has ${size}; the service takes ratios up to ${SERVICE_LIMITS.ratio}:1.`,
    };
  }
  if (Math.min(width, height) < SERVICE_LIMITS.minSide) {
    return {
      reason: 'too-small',
      message: `It has ${size}; the service needs ${SERVICE_LIMITS.minSide} on each side.`,
    };
  }
  return undefined;
}

export function unsupported(format: ImageFormat): UnusableImage {
  const name = format === 'unknown' ? 'no image that is known here' : format.toUpperCase();
  return { reason: 'unsupported-format', message: `It is ${name}; save it as JPEG or PNG.` };
}

export function tooManyPixels(): UnusableImage {
  return { reason: 'too-large', message: `It has over ${MAX_INPUT_PIXELS} pixels; make it smaller.` };
}

/** Without the decoder's own words: libvips keeps them for all threads together, so they come and go by chance. */
export function undecodable(): UnusableImage {
  return { reason: 'undecodable', message: "It can't be decoded, or only in part; export it again." };
}
