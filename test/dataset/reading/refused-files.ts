import { expect } from '@jest/globals';
import { jsonInMemory } from '../../../src/dataset/reading/json-file.js';
import { mergeCoco } from '../../../src/dataset/reading/merge.js';
import { refusalOf } from '../../support/refusal.js';
import { finish } from '../../support/steps.js';
import { entry } from './coco-export.js';

/** The maximum length of a message that is read before the next thing is clicked. */
export const READABLE = 300;

/** The message for an archive of images and of files that are not named as JSON, by path. */
export function refusedText(
  files: Readonly<Record<string, string | Buffer>>,
  images: readonly string[] = ['a.jpg'],
): string {
  const entries = [...images, ...Object.keys(files)].map(entry);
  const contents = Object.entries(files).map(([path, content]) => jsonInMemory(path, Buffer.from(content)));
  const reading = mergeCoco([], entries, { keepCrowd: false }, [], new Set(), contents);
  const { type, message } = refusalOf(() => finish(reading));
  expect(type).toBe('CocoMissing');
  expect(message.length).toBeLessThanOrEqual(READABLE);
  return message;
}

/** The text of rows on lines of their own; those that are no text as JSON. */
export const lines = (...rows: readonly unknown[]): string =>
  rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
