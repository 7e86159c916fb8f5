import type { ManifestValidation, ReportedLine, ServiceValidation } from '../contracts/service-validation.js';
import { plural } from '../lib/plural.js';

/** Maximum files that a sentence names. */
const NAMED_FILES = 3;

const SETS = ['training', 'testing'] as const;

/** What the service reported about one set of images. */
export interface ReportedSet {
  readonly set: (typeof SETS)[number];
  readonly validation: ManifestValidation;
}

/** The sets in which the service reported an image or an error, the training set first. */
export function reportedSets(validation: ServiceValidation): ReportedSet[] {
  return SETS.map((set) => ({ set, validation: validation[set] })).filter(
    ({ validation: { reported, errors } }) => reported + errors.length > 0,
  );
}

/** Whether the service reported an image or an error, or whether its results could not be read. */
export function hasReports(validation: ServiceValidation): boolean {
  return reportedSets(validation).length > 0 || validation.errors.length > 0 || validation.problem !== null;
}

/** How many images of a set the service reported, and how many of them it rejected, without a full stop. */
export function countText({ set, validation: { lines, reported } }: ReportedSet): string {
  if (!lines) return `The training service reported problems in ${plural(reported, `${set} image`)}`;
  const rejected = lines.invalid + lines.ignored;
  const images = `${reported} of ${plural(lines.total, `${set} image`)}`;
  if (rejected === reported) return `The training service rejected ${images}`;
  const part = rejected === 0 ? '' : ` and rejected ${rejected} of them`;
  return `The training service reported problems in ${images}${part}`;
}

/** The number of images by code, such as `ERROR_INVALID_IMAGE in 12 images`. */
export function codesText({ codes }: ManifestValidation): string {
  return codes.map(({ code, lines }) => `${code} in ${plural(lines, 'image')}`).join(', ');
}

/** A reported image with its line and its codes. */
export function imageText({ set }: ReportedSet, { line, codes, file }: ReportedLine): string {
  return `${file ?? 'unknown file'} (${set} manifest, line ${line}): ${codes.join(', ')}`;
}

/**
 * What the service reported about images, in sentences for a person: counts, codes and the first files, and what could
 * not be read. Null if there is nothing to say.
 */
export function validationText(validation: ServiceValidation): string | null {
  const sentences = reportedSets(validation)
    .filter((one) => one.validation.reported > 0)
    .map((one) => `${countText(one)}: ${codesText(one.validation)}${filesText(one.validation)}.`);
  if (validation.problem !== null) {
    sentences.push(incompleteText(validation.problem));
  }
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** Says what is missing in the results, from `problem`. */
export function incompleteText(problem: string): string {
  return `The validation results of the training service are incomplete: ${problem}`;
}

function filesText({ examples, reported }: ManifestValidation): string {
  const files = examples.flatMap(({ file }) => file ?? []).slice(0, NAMED_FILES);
  if (files.length === 0) return '';
  const more = reported - files.length;
  return ` (${files.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}
