import type { ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import { z } from 'zod';
import type { ManifestValidation, ServiceValidation } from '../contracts/service-validation.js';
import { MAX_VERSION_IMAGES } from '../contracts/version-images.js';
import { withoutResults } from '../custom-labels/no-validation.js';
import { readLineProblems } from '../custom-labels/read-validation-manifest.js';
import { parseSourceRef } from '../custom-labels/validate-line.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import { type S3Location, s3Uri } from '../lib/s3-uri.js';
import { tryParseJson } from '../lib/try-parse-json.js';
import { StorageError, serviceDocumentProblem } from '../storage/errors.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import { readLines } from '../storage/json-lines.js';
import type { ObjectStore } from '../storage/object-store.js';
import { imagesLocation, locationOf, manifestLocation } from './s3-object.js';

/** Maximum lines per manifest that the result lists. Results stay in workflow histories. */
const MAX_EXAMPLES = 20;
/** Maximum codes per manifest that the result counts. The service documents 39. */
const MAX_CODES = 50;

type Reported = Pick<ManifestValidation, 'reported' | 'codes' | 'examples'>;
const NO_REPORTS: Reported = { reported: 0, codes: [], examples: [] };

const count = z.int().nonnegative();
const codes = z
  .array(z.object({ code: z.string() }).transform(({ code }) => code))
  .transform((all) => [...new Set(all)].slice(0, MAX_CODES))
  .default([]);
const statistics = z
  .object({
    total_json_lines: count,
    valid_json_lines: count,
    invalid_json_lines: count,
    ignored_json_lines: count,
    errors: codes,
  })
  .transform((set) => ({
    lines: {
      total: set.total_json_lines,
      valid: set.valid_json_lines,
      invalid: set.invalid_json_lines,
      ignored: set.ignored_json_lines,
    },
    errors: set.errors,
  }));
/** `ManifestSummary-<project>-<version>.json` (developer guide, "Understanding the manifest summary"). */
const summarySchema = z.object({
  statistics: z.object({ training: statistics, testing: statistics }),
  errors: codes,
});
type Summary = z.infer<typeof summarySchema>;

/** The value of something that was read, or a sentence that says why it could not be. */
type Read<T> =
  | { readonly value: T; readonly problem?: never }
  | { readonly value?: never; readonly problem: string };

/**
 * Reads what the service found out about the manifests of an ended training: its manifest summary and its validation
 * manifests, whose lines are mapped to files of the archive by `images.jsonl` beside the testing manifest. What is missing
 * or has an unknown form is named in `problem`.
 * @throws StorageError if S3 is unavailable or the credentials have expired
 */
export async function readServiceValidation(
  store: ObjectStore,
  version: ProjectVersionDescription,
  signal: AbortSignal,
): Promise<ServiceValidation> {
  const { ManifestSummary, TrainingDataResult, TestingDataResult } = version;
  const [trained, tested] = [TrainingDataResult, TestingDataResult].map((result) =>
    manifestLocation(result?.Validation?.Assets?.[0]),
  );
  const summarised = locationOf(ManifestSummary?.S3Object);
  // The service returns none after errors of a manifest file and after errors of its own.
  if (!summarised && !trained && !tested) return withoutResults('The service returned none.');
  const images = imagesLocation(TestingDataResult?.Input?.Assets?.[0]);
  const summary = await readSummary(store, summarised, signal);
  const training = await readReported(store, trained, 'training', images, signal);
  const testing = await readReported(store, tested, 'testing', images, signal);
  const problems = [summary, training, testing].flatMap(({ problem }) => problem ?? []);
  const { statistics: sets, errors = [] } = summary.value ?? {};
  const set = (name: 'training' | 'testing', reported: Reported = NO_REPORTS) => ({
    lines: sets?.[name].lines ?? null,
    errors: sets?.[name].errors ?? [],
    ...reported,
  });
  return {
    training: set('training', training.value),
    testing: set('testing', testing.value),
    errors,
    problem: problems.length === 0 ? null : problems.join(' '),
  };
}

async function readSummary(
  store: ObjectStore,
  location: S3Location | undefined,
  signal: AbortSignal,
): Promise<Read<Summary>> {
  if (!location) return { problem: 'The service returned no manifest summary.' };
  return await orProblem(async () => {
    const text = String(
      await store.getBytes(location.bucket, location.key, { signal, maxBytes: SMALL_JSON_BYTES }),
    );
    const { data, error } = summarySchema.safeParse(tryParseJson(text));
    if (data) return { value: data };
    const [issue] = error.issues;
    const where = issue?.path.join('.') || 'the file';
    return { problem: `${s3Uri(location)} is not a manifest summary: ${where}: ${issue?.message}.` };
  });
}

async function readReported(
  store: ObjectStore,
  location: S3Location | undefined,
  set: 'training' | 'testing',
  images: S3Location | undefined,
  signal: AbortSignal,
): Promise<Read<Reported>> {
  if (!location) return { problem: `The service returned no validation of the ${set} manifest.` };
  return await orProblem(async () => {
    const found = await readProblems(store, location, signal);
    const keys = found.examples.flatMap(({ key }) => key ?? []);
    const paths = images ? await readPaths(store, images, new Set(keys), signal) : new Map<string, string>();
    const examples = found.examples.map(({ key, ...example }) => ({
      ...example,
      file: key === null ? null : (paths.get(key) ?? key),
    }));
    return { value: { ...found, examples } };
  });
}

interface Found extends Omit<Reported, 'examples'> {
  /** The first lines with a code, with the S3 key of their image. */
  readonly examples: readonly {
    readonly line: number;
    readonly codes: readonly string[];
    readonly key: string | null;
  }[];
}

async function readProblems(store: ObjectStore, manifest: S3Location, signal: AbortSignal): Promise<Found> {
  const examples: Found['examples'][number][] = [];
  const byCode = new Map<string, number>();
  let reported = 0;
  const options = { maxLines: SERVICE_LIMITS.lines, signal };
  for await (const { text, number: line } of readLines(store, manifest, options)) {
    const problems = readLineProblems(text);
    if (!problems) continue;
    reported += 1;
    const { codes: own, sourceRef } = problems;
    if (examples.length < MAX_EXAMPLES) {
      const listed = own.slice(0, MAX_CODES);
      examples.push({ line, codes: listed, key: sourceRef && (parseSourceRef(sourceRef)?.key ?? sourceRef) });
    }
    for (const code of own) {
      if (byCode.has(code) || byCode.size < MAX_CODES) byCode.set(code, (byCode.get(code) ?? 0) + 1);
    }
  }
  const counts = [...byCode].map(([code, lines]) => ({ code, lines }));
  return { reported, codes: counts.sort((a, b) => b.lines - a.lines), examples };
}

const imageSchema = z.object({ key: z.string(), path: z.string() });

/** The paths in the archive of these images, by S3 key; empty if there is no `images.jsonl`, as in early versions. */
async function readPaths(
  store: ObjectStore,
  images: S3Location,
  keys: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  if (keys.size === 0) return paths;
  try {
    for await (const { text } of readLines(store, images, { maxLines: MAX_VERSION_IMAGES, signal })) {
      const image = imageSchema.safeParse(tryParseJson(text)).data;
      if (image && keys.has(image.key)) paths.set(image.key, image.path);
    }
  } catch (error) {
    if (!(error instanceof StorageError && error.isFinal)) throw error;
  }
  return paths;
}

/** The result of `read`, or the message of an error that a retry cannot fix. */
async function orProblem<T>(read: () => Promise<Read<T>>): Promise<Read<T>> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StorageError && error.isFinal)) throw error;
    return { problem: serviceDocumentProblem(error) };
  }
}
