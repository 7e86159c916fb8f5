import { inLabels } from './setting-labels.js';

const ASK = 'ask the person who runs Curator to';

/** What messages tell users of the terminal to do, and what a user of the page can do instead. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/Start one with `curator worker`/g, `A${ASK.slice(1)} start one`],
  [/, then see `curator status [^`]*`/g, ', then reload this page'],
  [/Wait for it, cancel it with `curator cancel [^`]*`, or use --replace\./g, 'Wait for it, or cancel it.'],
  [/See `curator report [^`]*` for the findings/g, 'See the findings in its report'],
  [/create it with `curator bucket setup`/g, `${ASK} create it`],
  [/Start it with: curator detect [^`]*/g, `A${ASK.slice(1)} start it.`],
  [/To train (?:it )?again, use --retry-training/g, `To train again, ${ASK} start another attempt`],
  [
    /To train under a new name, use --retry-training/g,
    `To train under a new name, ${ASK} start another attempt`,
  ],
  [/use `curator attach` or ingest the same archive again/g, 'run the archive again'],
  [/\bIngest the archive again/g, 'Run the archive again'],
  [/\bingest the archive again/g, 'run the archive again'],
  [/\b(?:TRAINING|INFERENCE)_HOURLY_RATE_USD\b/g, 'hourly rate of this Curator'],
  [/ List the datasets with `curator list`\./g, ''],
  [/`curator export <dataset> [^`]*`/g, 'export the dataset as COCO on the page of its run'],
];

/** Codes of Curator's findings; those of Rekognition begin with their severity. */
const CODE = '(?!ERROR_|WARNING_)[A-Z]+(?:_[A-Z]+)+';
const SEE_ALSO = new RegExp(` See also ${CODE}(?:, ${CODE})*(?: and \\d+ other findings?)?\\.`, 'g');
const CODE_IN_BRACKETS = new RegExp(` \\(${CODE}\\)`, 'g');

/** A message in the words of the page: settings by their labels, no commands, no codes of findings. */
export function inPageWords(message: string): string {
  const advised = ADVICE.reduce((text, [command, instead]) => text.replace(command, instead), message);
  // Settings first: a name in brackets that is left is a code.
  return inLabels(advised).replace(SEE_ALSO, ' See also the findings below.').replace(CODE_IN_BRACKETS, '');
}
