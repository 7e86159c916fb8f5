import { validateLine } from '../../src/custom-labels/validate-line.js';

export type Json = Record<string, unknown>;

export const CLASSIFIED = {
  'class-name': 'skin',
  confidence: 1,
  type: 'groundtruth/image-classification',
  'human-annotated': 'yes',
  'creation-date': '2025-09-14T08:30:12',
};
export const ANNOTATION = { class_id: 0, left: 10, top: 10, width: 50, height: 50 };

/** A valid line with parts replaced. Parts that are undefined are left out. */
export function line(
  over: {
    ref?: string | undefined;
    label?: Json;
    metadata?: Json;
    annotations?: Json[];
    size?: Json;
    more?: Json;
  } = {},
): string {
  const annotations = over.annotations ?? [ANNOTATION];
  return JSON.stringify({
    'source-ref': 'ref' in over ? over.ref : 's3://bucket/a.jpg',
    'bounding-box': {
      image_size: [{ width: 640, height: 480, depth: 3, ...over.size }],
      annotations,
      ...over.label,
    },
    'bounding-box-metadata': {
      objects: annotations.map(() => ({ confidence: 1 })),
      'class-map': { 0: 'acne', 1: 'mole' },
      type: 'groundtruth/object-detection',
      'human-annotated': 'yes',
      'creation-date': '2025-09-14T08:30:12',
      'job-name': 'skin',
      ...over.metadata,
    },
    ...over.more,
  });
}

export const codes = (text: string) => validateLine(text).errors.map(({ code }) => code);
export const warnings = (text: string) => validateLine(text).warnings.map(({ code }) => code);
export const manifest = (lines: readonly string[]) => lines.map((text) => `${text}\n`).join('');
export const linesOf = (count: number, label = 'acne', prefix = 'image') =>
  Array.from({ length: count }, (_, i) =>
    line({ ref: `s3://bucket/${prefix}${i}.jpg`, metadata: { 'class-map': { 0: label } } }),
  );
