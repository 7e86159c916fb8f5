import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { inPageWords } from '../../web/src/page-words.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));
/** Texts that only a terminal, Temporal's UI, or a file of the dataset show. */
const NOT_ON_THE_PAGE =
  /^(cli|local|config|emulator|doctor|input|endpoint-client|sample|api|worker)\/|^(workflows\/details|storage\/public-access|endpoint\/run|report\/.*|worker)\.ts$/;
/** Commands of Curator, its flags, and names in capital letters. */
const FOREIGN = /\bcurator [a-z-]+\b|(?<![\w-])--[a-z]{3,}|\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b/g;
/** Names of Rekognition and Temporal, variables of whoever runs Curator, and commands of other tools. */
const KNOWN =
  /^(ERROR_|WARNING_|AWS_|CURATOR_)|^(OBJECT_LOCALIZATION|IMAGE_LEVEL_LABELS|TRAINING_FAILED|TRAINING_IN_PROGRESS|TEMPORAL_ADDRESS|DATASET_NAME|STARTS_WITH)$/;
const OTHER_TOOL = /`(kili|datum|zip|aws) /;

/** Comments, which nobody but developers reads. */
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const TEXT = /`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'/g;

/** The texts of a source file that are sentences; `x` stands for what is put into them. */
function sentencesOf(file: string): string[] {
  const code = readFileSync(join(SRC, file), 'utf8').replace(COMMENT, '');
  return [...code.matchAll(TEXT)]
    .map(([text]) =>
      text
        .slice(1, -1)
        .replace(/\$\{[^}]*\}/g, 'x')
        .replaceAll('\\', ''),
    )
    .filter((text) => text.split(' ').length > 3);
}

describe('messages on the page', () => {
  it('name no command, flag or code of a finding, whatever part of Curator says them', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !NOT_ON_THE_PAGE.test(file),
    );
    expect(files.length).toBeGreaterThan(100);
    const foreign = files.flatMap((file) =>
      sentencesOf(file)
        .filter((text) => !OTHER_TOOL.test(text))
        .flatMap((text) => [...inPageWords(text).matchAll(FOREIGN)].map(([name]) => ({ file, name, text })))
        .filter(({ name }) => !KNOWN.test(name)),
    );
    expect(foreign).toEqual([]);
  });

  it.each([
    [
      'No worker responds for skin. Start one with `curator worker`.',
      'No worker responds for skin. Ask the person who runs Curator to start one.',
    ],
    [
      'skin is already being ingested from a.zip. Wait for it, cancel it with `curator cancel skin`, or use --replace.',
      'skin is already being ingested from a.zip. Wait for it, or cancel it.',
    ],
    [
      'To wait for it again, use `curator attach` or ingest the same archive again; if it still trains, with a longer TRAINING_TIMEOUT.',
      'To wait for it again, run the archive again; if it still trains, with a longer “Training timeout”.',
    ],
    [
      'There are 5 validation images (FEW_VAL_IMAGES). See also SIZE_MISMATCH, SPLIT_LEAKS and 2 other findings.',
      'There are 5 validation images. See also the findings below.',
    ],
    [
      'The service found ERROR_INVALID_IMAGE (ERROR_INVALID_IMAGE).',
      'The service found ERROR_INVALID_IMAGE (ERROR_INVALID_IMAGE).',
    ],
  ])('show %j in the words of the page', (message, shown) => {
    expect(inPageWords(message)).toBe(shown);
  });
});
