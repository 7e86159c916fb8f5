import { useState } from 'preact/hooks';
import type { ConfusionCell, ConfusionMatrix } from '../../../src/evaluation/confusion.js';
import { CONFUSION_TEXT, NO_DETECTION, NO_OBJECT } from '../../../src/evaluation/error-words.js';
import { count } from '../format.js';
import { isSameCell, nameOfCell } from './selection.js';

/** Maximum classes that are readable side by side. */
const MAX_CLASSES = 20;

/** What was taken for what; each number opens its images. */
export function ConfusionTable({
  matrix,
  selected,
  onSelect,
}: {
  matrix: ConfusionMatrix;
  selected: ConfusionCell | null;
  onSelect: (cell: ConfusionCell) => void;
}) {
  const [isWhole, setWhole] = useState(false);
  const { labels } = matrix;
  const shown = isWhole || labels.length <= MAX_CLASSES ? labels : mostConfused(matrix);
  const rows = [...shown, null];
  const most = Math.max(
    1,
    ...rows.flatMap((truth) => rows.map((detected) => numberAt(matrix, truth, detected))),
  );
  return (
    <>
      <p class="minor">{CONFUSION_TEXT} Choose a number to see its images.</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard */}
      <section class="wide" tabIndex={0} aria-label="Confusion matrix">
        <table class="confusion">
          <caption class="hidden">Labelled class by detected class</caption>
          <thead>
            <tr>
              <th scope="col" class="corner">
                labelled ↓ detected →
              </th>
              {rows.map((detected) => (
                <th key={detected} scope="col">
                  <span title={detected ?? undefined}>{detected ?? NO_DETECTION}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((truth) => (
              <tr key={truth}>
                <th scope="row" title={truth ?? undefined}>
                  {truth ?? NO_OBJECT}
                </th>
                {rows.map((detected) => (
                  <Cell
                    key={detected}
                    cell={{ truth, detected }}
                    number={numberAt(matrix, truth, detected)}
                    most={most}
                    isSelected={selected !== null && isSameCell(selected, { truth, detected })}
                    onSelect={onSelect}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {shown.length < labels.length && (
        <button type="button" class="all" onClick={() => setWhole(true)}>
          Show all {count(labels.length)} classes, not only the {MAX_CLASSES} with the most errors
        </button>
      )}
    </>
  );
}

function Cell({
  cell,
  number,
  most,
  isSelected,
  onSelect,
}: {
  cell: ConfusionCell;
  number: number;
  most: number;
  isSelected: boolean;
  onSelect: (cell: ConfusionCell) => void;
}) {
  if (cell.truth === null && cell.detected === null) return <td />;
  if (number === 0) {
    return (
      <td class="none">
        <span aria-hidden="true">·</span>
        <span class="hidden">0</span>
      </td>
    );
  }
  return (
    <td class={cell.truth === cell.detected ? 'right' : 'wrong'} style={{ '--share': number / most }}>
      <button
        type="button"
        class="cell"
        aria-pressed={isSelected}
        aria-label={`${count(number)}: ${nameOfCell(cell)}`}
        onClick={() => onSelect(cell)}
      >
        {count(number)}
      </button>
    </td>
  );
}

function numberAt(
  { labels, cells, noDetection, noObject }: ConfusionMatrix,
  truth: string | null,
  detected: string | null,
): number {
  const [row, column] = [labels.indexOf(truth ?? ''), labels.indexOf(detected ?? '')];
  if (truth === null) return (detected === null ? 0 : noObject[column]) ?? 0;
  return (detected === null ? noDetection[row] : cells[row]?.[column]) ?? 0;
}

/** The classes with the most errors, in the order of the matrix. */
function mostConfused(matrix: ConfusionMatrix): readonly string[] {
  const { labels } = matrix;
  const errorsOf = (label: string) =>
    [...labels, null]
      .filter((other) => other !== label)
      .reduce((sum, other) => sum + numberAt(matrix, label, other) + numberAt(matrix, other, label), 0);
  const errors = new Map(labels.map((label) => [label, errorsOf(label)]));
  const most = [...labels].sort((a, b) => (errors.get(b) ?? 0) - (errors.get(a) ?? 0)).slice(0, MAX_CLASSES);
  return labels.filter((label) => most.includes(label));
}
