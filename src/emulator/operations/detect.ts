import { hasAllowedRatio, SERVICE_LIMITS } from '../../dataset/model/service-limits.js';
import type { Size } from '../../dataset/model/types.js';
import type { Detection } from '../../evaluation/metrics.js';
import { formatOf } from '../../images/format.js';
import { withSource } from '../../images/source.js';
import type { Context, Operations } from '../context.js';
import type { Picture } from '../detector/index.js';
import { ServiceException } from '../errors.js';
import { isRefused } from '../manifest-reading.js';
import { decodeRgb } from '../pictures.js';
import { findVersion } from './find.js';
import { versionStatus } from './model-status.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';

export function detectOperations(context: Context): Operations {
  return {
    DetectCustomLabels: async (request) => await detect(context, parse(shapes.detectCustomLabels, request)),
  };
}

async function detect(context: Context, request: shapes.DetectCustomLabels) {
  const { version } = findVersion(context, request.ProjectVersionArn);
  if (versionStatus(context, version).Status !== 'RUNNING') {
    throw new ServiceException('ResourceNotReadyException');
  }
  const picture = await decode(await imageBytes(context, request.Image));
  const model = context.models.read(version.arn);
  if (!model) throw new ServiceException('ResourceNotReadyException');
  const { detector, thresholds } = model;
  const { MinConfidence: minimum } = request;
  const found = (await detector.detect(picture))
    // Without MinConfidence the threshold that the evaluation chose for each label applies.
    .filter(({ label, confidence }) =>
      minimum === undefined ? confidence >= (thresholds[label] ?? 0) : confidence * 100 >= minimum,
    )
    .sort((a, b) => b.confidence - a.confidence);
  return { CustomLabels: found.slice(0, request.MaxResults).map((one) => customLabel(one, picture)) };
}

function customLabel({ label, confidence, left, top, width, height }: Detection, picture: Picture) {
  return {
    Name: label,
    Confidence: confidence * 100,
    Geometry: {
      BoundingBox: {
        Width: width / picture.width,
        Height: height / picture.height,
        Left: left / picture.width,
        Top: top / picture.height,
      },
    },
  };
}

async function imageBytes(context: Context, image: shapes.DetectCustomLabels['Image']): Promise<Buffer> {
  if (image.Bytes !== undefined)
    return limited(Buffer.from(image.Bytes, 'base64'), SERVICE_LIMITS.inlineImageBytes);
  const { Bucket = '', Name = '', Version } = image.S3Object ?? {};
  const options = Version === undefined ? {} : { versionId: Version };
  try {
    const info = await context.store.head(Bucket, Name, options);
    if (!info) throw new ServiceException('InvalidS3ObjectException');
    if (info.bytes > SERVICE_LIMITS.imageBytes) throw new ServiceException('ImageTooLargeException');
    return await context.store.getBytes(Bucket, Name, options);
  } catch (error) {
    if (isRefused(error)) throw new ServiceException('InvalidS3ObjectException');
    throw error;
  }
}

function limited(bytes: Buffer, maximum: number): Buffer {
  if (bytes.length > maximum) throw new ServiceException('ImageTooLargeException');
  return bytes;
}

/** Decodes an image with its EXIF orientation applied, three bytes per pixel. */
async function decode(bytes: Buffer): Promise<Picture> {
  const format = formatOf(bytes);
  if (format !== 'jpeg' && format !== 'png') throw new ServiceException('InvalidImageFormatException');
  try {
    const picture = await withSource(bytes, format, { failOn: 'warning' }, async ({ metadata, open }) => {
      checkSize(metadata);
      return await decodeRgb(open().autoOrient());
    });
    if ('reason' in picture) throw new ServiceException('InvalidImageFormatException');
    return picture;
  } catch (error) {
    if (error instanceof ServiceException) throw error;
    throw new ServiceException('InvalidImageFormatException');
  }
}

function checkSize({ width, height }: Size): void {
  if (Math.max(width, height) > SERVICE_LIMITS.maxSide) throw new ServiceException('ImageTooLargeException');
  if (Math.min(width, height) < SERVICE_LIMITS.minSide || !hasAllowedRatio({ width, height })) {
    throw new ServiceException(
      'InvalidParameterException',
      `Images must have sides of ${SERVICE_LIMITS.minSide} to ${SERVICE_LIMITS.maxSide} pixels, and the longer side must not exceed ${SERVICE_LIMITS.ratio} times the shorter.`,
    );
  }
}
