import { type DatasetFinding, warning } from '../model/findings.js';
import type { ChosenRecords } from './join-files.js';

/**
 * The finding on images whose file was found although its name differs from the `file_name`; undefined if there are none.
 * @param chosen by path: the records of an image that count
 */
export function differentNames(chosen: ReadonlyMap<string, ChosenRecords>): DatasetFinding | undefined {
  const found = [...chosen].flatMap(([path, { own }]) => {
    const one = own.find(({ difference }) => difference !== undefined);
    return one?.difference === undefined ? [] : [{ path, record: one, difference: one.difference }];
  });
  const differences = [...new Set(found.map(({ difference }) => difference))].join('; ');
  return warning(
    'FILE_NAMES_DIFFER',
    found.length,
    `Images have another file name in the COCO file than in the archive. They were matched, because each name fits one file only if these are ignored: ${differences}. Check the boxes in the report.`,
    found.map(
      ({ path, record }) => `${record.file.path}: ${record.image.fileName.slice(0, MAX_NAME)} = ${path}`,
    ),
  );
}

/** Characters of a name that are shown. */
const MAX_NAME = 100;
