import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { datasetSummary } from '../../src/cli/output/summary.js';
import type { Finding } from '../../src/contracts/workflow-io.js';
import { RESULT } from './ingest-result.js';

/** The codes of the reasons for which the dataset rooms drop boxes. */
function droppedCodes(): string[] {
  const room = fileURLToPath(new URL('../../src/dataset/', import.meta.url));
  const files = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const places = files.flatMap((file) => [
    ...readFileSync(join(room, file), 'utf8').matchAll(
      /(?:dropped: |drops\.add\()('[a-z-]+'(?: \| '[a-z-]+')*)/g,
    ),
  ]);
  return [...new Set(places.flatMap(([, codes = '']) => codes.replaceAll("'", '').split(' | ')))];
}

describe('the summary of a check', () => {
  const { dataset, images, annotations, labels, droppedClasses, groups, findings } = RESULT;
  const counts = { dataset, version: null, images, annotations, labels, droppedClasses, groups };
  const unreliable = {
    ...{ fit: true, quality: 'unreliable' as const, message: 'skin is fit. Few (FEW_TEST_IMAGES).' },
    qualityReasons: [{ code: 'FEW_TEST_IMAGES', text: 'Few.' }],
  };

  it('prints each warning once, in words, and names the codes that make scores unreliable', () => {
    const few = { ...findings[1], message: 'Few. Lower MIN_CLASS_IMAGES.' } as Finding;
    const rows = datasetSummary({ ...counts, ...unreliable, findings: [few] }).split('\n');
    expect(rows.filter((line) => line.includes('Few'))).toEqual([
      'warnings  FEW_TEST_IMAGES (2 classes): Few. Lower --min-class-images.',
    ]);
    expect(rows.at(-1)).toBe(
      'fit       skin is fit for training, but scores of its models are unreliable: FEW_TEST_IMAGES',
    );
  });

  it('gives the reasons for dropped boxes in words, for every reason that the code knows', () => {
    const codes = droppedCodes();
    expect(codes.length).toBeGreaterThan(12);
    const dropped = Object.fromEntries(codes.map((code) => [code, 7]));
    const left = datasetSummary({
      ...{ ...counts, ...unreliable, findings },
      annotations: { found: 7 * codes.length, used: 0, dropped },
    });
    const boxes = left.split('\n').find((line) => line.startsWith('boxes')) ?? '';
    const reasons = boxes.replace(/^.*left out: /, '').split(', ');
    expect(reasons).toHaveLength(codes.length);
    expect(reasons.filter((reason) => codes.includes(reason.replace('7 ', '')))).toEqual([]);
  });
});
