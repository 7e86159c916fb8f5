import type { ServiceCode } from '../custom-labels/rules.js';
import { usedLabels } from '../custom-labels/validate-line.js';
import { linesOf, validateManifest } from '../custom-labels/validate-manifest.js';
import { autoSplit } from './autosplit.js';
import type { Context } from './context.js';
import { readManifest } from './manifest-reading.js';
import type { S3Object, Version } from './state.js';

export interface TrainingInput {
  readonly train: string;
  /** Null if the training set could not be split. */
  readonly test: string | null;
}

/** The manifests of a training from S3, from the project's datasets or from a split; an error code if one cannot be read. */
export async function readInput(
  { store, state }: Pick<Context, 'store' | 'state'>,
  version: Version,
  signal: AbortSignal,
): Promise<TrainingInput | { code: ServiceCode }> {
  const copied = (kind: 'train' | 'test') => state.readFile(version.arn, kind)?.toString('utf8') ?? '';
  const read = async (object: S3Object | null, kind: 'train' | 'test') =>
    object ? await readManifest(store, object, signal) : { text: copied(kind) };
  const train = await read(version.train, 'train');
  if ('code' in train) return train;
  if (version.testing === 'auto-split') return split(train.text);
  const test = await read(version.test, 'test');
  return 'code' in test ? test : { train: train.text, test: test.text };
}

function split(text: string): TrainingInput {
  const result = validateManifest(text);
  const { useCase } = result;
  const usable = [...linesOf(text)].flatMap((line, index) => {
    const checked = result.lines[index];
    if (!useCase || checked?.status !== 'valid' || checked.sourceRef === null) return [];
    return [{ index, line, sourceRef: checked.sourceRef, labels: usedLabels(checked, useCase) }];
  });
  const chosen = autoSplit(usable);
  if (!chosen) return { train: text, test: null };
  const tested = new Set([...chosen].map(({ index }) => index));
  const part = (isTest: boolean) =>
    [...linesOf(text)]
      .filter((_, index) => tested.has(index) === isTest)
      .map((line) => `${line}\n`)
      .join('');
  return { train: part(false), test: part(true) };
}
