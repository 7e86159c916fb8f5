import { useState } from 'preact/hooks';
import type { LabelEvaluation } from '../../../src/contracts/workflow-io.js';
import type { ClassErrors } from '../../../src/evaluation/error-summary.js';
import { MIN_BOXES } from '../../../src/evaluation/verdict.js';
import { count, score } from '../format.js';
import { colourOf } from '../parts/colours.js';
import type { ClassRow } from './class-rows.js';
import { IntervalBar } from './interval-bar.js';

/** Maximum classes that are listed at first. */
const MAX_ROWS = 20;

/** The classes, worst first, with what the model finds of each. */
export function ClassTable({ rows, labels }: { rows: readonly ClassRow[]; labels: readonly string[] }) {
  const [isWhole, setWhole] = useState(false);
  const isCounted = rows.some(({ errors }) => errors);
  const shown = isWhole ? rows : rows.slice(0, MAX_ROWS);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area must be reachable by keyboard */}
      <section class="wide" tabIndex={0} aria-label="Evaluation per class">
        <table class="scores">
          <caption class="hidden">Evaluation per class, worst first</caption>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">F1 with 95 % interval</th>
              {['Objects', ...(isCounted ? COUNTED : REPORTED), 'Minimum confidence'].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.label} row={row} labels={labels} />
            ))}
          </tbody>
        </table>
      </section>
      {shown.length < rows.length && (
        <button type="button" class="all" onClick={() => setWhole(true)}>
          Show all {count(rows.length)} classes
        </button>
      )}
    </>
  );
}

const COUNTED = ['Found', 'Missed', 'False alarms'];
const REPORTED = ['Precision', 'Recall'];

function Row({ row, labels }: { row: ClassRow; labels: readonly string[] }) {
  const { label, f1, interval, boxes, threshold, hasFewBoxes, errors, reported } = row;
  return (
    <tr class={hasFewBoxes ? 'unsure' : undefined}>
      <th scope="row">
        <span class="key" style={{ color: colourOf(label, labels) }} aria-hidden="true" />{' '}
        <span class="name">{label}</span>
        {hasFewBoxes && <span class="reason">fewer than {MIN_BOXES} objects</span>}
      </th>
      <td class="scored">
        <span class="value">{f1 === null ? '–' : score(f1)}</span>
        {f1 !== null && <IntervalBar value={f1} interval={interval} chance={null} />}
        {interval && (
          <span class="range">
            {score(interval.low)} to {score(interval.high)}
          </span>
        )}
      </td>
      <td class="number">{boxes === null ? '–' : count(boxes)}</td>
      {errors ? <Counts errors={errors} /> : <Scores reported={reported} />}
      <td class="number">{threshold.toFixed(2)}</td>
    </tr>
  );
}

function Counts({ errors: { found, missed, falseAlarms } }: { errors: ClassErrors }) {
  return (
    <>
      <td class="number">{count(found)}</td>
      <td class="number">{count(missed)}</td>
      <td class="number">{count(falseAlarms)}</td>
    </>
  );
}

function Scores({ reported: { precision, recall } }: { reported: LabelEvaluation }) {
  return (
    <>
      <td class="number">{score(precision)}</td>
      <td class="number">{score(recall)}</td>
    </>
  );
}
