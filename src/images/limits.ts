import { formatOfBytes } from '../dataset/model/file-formats.js';
import { hasAllowedRatio, SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { RejectionReason, Size } from '../dataset/model/types.js';
import type { ImageFormat } from './format.js';

export interface UnusableImage {
  readonly reason: RejectionReason;
  readonly message: string;
}

/** Maximum pixels of a source image. 200 megapixels are 600 MB of RGB per image pipeline. */
export const MAX_INPUT_PIXELS = 200_000_000;

/**
 * Returns why an image of this size violates the limits of Rekognition, or undefined if it does not.
 * @param output size in pixels of the upright image after resizing
 */
export function outsideLimits(output: Size): UnusableImage | undefined {
  const { width, height } = output;
  const size = `${width}x${height} pixels after resizing`;
  if (!hasAllowedRatio(output)) {
    return {
      reason: 'aspect-ratio',
      message: `${size}; the maximum aspect ratio of Rekognition is ${SERVICE_LIMITS.ratio}:1.`,
    };
  }
  if (Math.min(width, height) < SERVICE_LIMITS.minSide) {
    return {
      reason: 'too-small',
      message: `${size}; the minimum of Rekognition is ${SERVICE_LIMITS.minSide} per side.`,
    };
  }
  return undefined;
}

/** The rejection of a file that is not decoded. */
export function unsupported(format: ImageFormat, bytes: Uint8Array): UnusableImage {
  const other = format === 'unknown' ? formatOfBytes(bytes) : undefined;
  if (other?.kind === 'download') {
    const message = `The file is ${other.name}, not an image.${other.advice === undefined ? '' : ` ${other.advice}`}`;
    return { reason: 'unsupported-format', message };
  }
  const problem =
    format === 'unknown'
      ? 'The file is not an image of a known format.'
      : `${format.toUpperCase()} images are not supported.`;
  return { reason: 'unsupported-format', message: `${problem} Save it as JPEG or PNG.` };
}

/** The rejection of an image with more than MAX_INPUT_PIXELS pixels. */
export function tooManyPixels(): UnusableImage {
  return { reason: 'too-large', message: `More than ${MAX_INPUT_PIXELS} pixels. Resize the image.` };
}

/** The rejection of a damaged image. The decoder's message is left out: libvips shares it between threads, so it varies between runs. */
export function undecodable(): UnusableImage {
  return {
    reason: 'undecodable',
    message: 'The image is damaged and cannot be decoded completely. Export it again.',
  };
}
