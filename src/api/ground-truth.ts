/**
 * `curator/ground-truth`: writes manifests in the format of SageMaker Ground Truth for object detection, and validates
 * them by the rules that Amazon Rekognition Custom Labels publishes.
 */
import { type ServiceCode, serviceMessage } from '../custom-labels/rules.js';
import { refusalOf } from '../custom-labels/validate-dataset.js';
import {
  type ManifestResult,
  pairErrors,
  validateManifest as validate,
} from '../custom-labels/validate-manifest.js';
import { manifestText } from '../custom-labels/write-manifest.js';
import type { Box } from '../dataset/model/types.js';
import { byCodePoint } from '../lib/order.js';
import { parseS3Uri } from '../lib/s3-uri.js';

export { SERVICE_MESSAGES, type ServiceCode } from '../custom-labels/rules.js';
export { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
export type { Box } from '../dataset/model/types.js';

/** An image as it goes into a manifest. */
export interface ManifestImage {
  /** `s3://<bucket>/<key>`; all images of a manifest must be in one bucket. */
  readonly uri: string;
  /** Width of the image in pixels. */
  readonly width: number;
  /** Height of the image in pixels. */
  readonly height: number;
  /** Boxes in whole pixels, inside the image. */
  readonly boxes: readonly Box[];
}

export interface ManifestOptions {
  /** Name of the labelling job in the manifest. */
  readonly jobName: string;
  /** UTC time such as `2026-01-05T09:00:00`. */
  readonly creationDate: string;
  /** Class names; the index is the class id. The default is all labels of the images, sorted. */
  readonly labels?: readonly string[];
}

/**
 * Returns the text of a manifest: one JSON line per image, sorted by key. The same images give the same bytes.
 * @throws Error if a URI is not an S3 URI, if the images are in several buckets, or if `labels` lacks a label
 */
export function writeManifest(
  images: readonly ManifestImage[],
  { jobName, creationDate, labels }: ManifestOptions,
): string {
  const used = new Set(images.flatMap(({ boxes }) => boxes.map(({ label }) => label)));
  const names = labels ?? [...used].sort(byCodePoint);
  const unknown = [...used].find((label) => !names.includes(label));
  if (unknown !== undefined)
    throw new Error(`The label ${JSON.stringify(unknown)} is not in labels: add it.`);
  const located = images.map((image) => ({ image, ...locationOf(image.uri) }));
  const [bucket = '', other] = new Set(located.map((one) => one.bucket));
  if (other !== undefined) {
    throw new Error(`Images are in the buckets ${bucket} and ${other}: copy them to one bucket.`);
  }
  const curated = located.map(({ image: { uri, width, height, boxes }, key }) => ({
    ...{ key, boxes, path: uri, group: uri, sourceSha256: '' },
    size: { width, height },
  }));
  return manifestText(curated, names, { bucket, dataset: jobName, creationDate });
}

function locationOf(uri: string): { bucket: string; key: string } {
  const location = parseS3Uri(uri);
  if (!location) throw new Error(`${JSON.stringify(uri)} is not an S3 URI: use s3://<bucket>/<key>.`);
  return location;
}

/** A problem of one line of a manifest. */
export interface ManifestProblem {
  /** Line number; the first line is 1. */
  readonly line: number;
  /** Errors make the line unusable, or some of its boxes; warnings are notes. */
  readonly severity: 'error' | 'warning';
  readonly code: ServiceCode;
  /** The service's own message for the code. */
  readonly message: string;
}

export interface ManifestReport {
  /** Lines that a training would use, could not use, and would ignore since they have no label. */
  readonly lines: { readonly valid: number; readonly invalid: number; readonly ignored: number };
  /** Labels of all valid lines, sorted. */
  readonly labels: readonly string[];
  /** Errors of the manifest as a whole; the service refuses a manifest that has any. */
  readonly errors: readonly ServiceCode[];
  readonly problems: readonly ManifestProblem[];
}

/** Applies the published rules of the service to the text of one manifest. No image is read. */
export function validateManifest(text: string): ManifestReport {
  return reportOf(validate(text));
}

export interface ManifestPairReport {
  readonly train: ManifestReport;
  readonly val: ManifestReport;
  /** One sentence that says why the service would refuse to train; null if it would accept both manifests. */
  readonly refusal: string | null;
}

/** Applies the rules to a training and a validation manifest, and the rules about both together. */
export function validateManifestPair(trainText: string, valText: string): ManifestPairReport {
  const train = validate(trainText);
  const val = validate(valText, train.useCase);
  const refusal = refusalOf([...train.errors, ...val.errors, ...pairErrors(train, val)]);
  return { train: reportOf(train), val: reportOf(val), refusal };
}

function reportOf({ lines, valid, invalid, ignored, labels, errors }: ManifestResult): ManifestReport {
  const problems = lines.flatMap((line, index) => {
    const of = (severity: ManifestProblem['severity'], list: typeof line.errors) =>
      list.map(({ code, attribute }) => ({
        ...{ line: index + 1, severity, code },
        message: serviceMessage(code, attribute),
      }));
    return [...of('error', line.errors), ...of('warning', line.warnings)];
  });
  return {
    lines: { valid, invalid, ignored },
    labels: [...labels].sort(byCodePoint),
    errors,
    problems,
  };
}
