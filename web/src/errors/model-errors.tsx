import { useMemo, useState } from 'preact/hooks';
import type { Evaluation } from '../../../src/contracts/workflow-io.js';
import type { ConfusionCell } from '../../../src/evaluation/confusion.js';
import { MIN_BOXES } from '../../../src/evaluation/verdict.js';
import { classRows } from './class-rows.js';
import { ClassTable } from './class-table.js';
import { ConfidenceBar } from './confidence-bar.js';
import { ConfusionTable } from './confusion-table.js';
import { GroupTables } from './group-table.js';
import { type Judged, judge } from './judge.js';
import { KindBars } from './kind-bars.js';
import { firstTopicOf, type Selection } from './selection.js';
import { TEST_IMAGES_TITLE, TestImages } from './test-images.js';
import type { LoadedTest } from './use-test-images.js';

/** What the model gets wrong: per class, by kind, and on which images. */
export function ModelErrors({
  dataset,
  evaluation,
  labels,
  test: { images, problem },
  own,
}: {
  dataset: string;
  evaluation: Evaluation;
  labels: readonly string[];
  test: LoadedTest;
  /** The test images judged at each class's own threshold; null without any. */
  own: Judged | null;
}) {
  const [threshold, setThreshold] = useState<number | null>(null);
  const classes = evaluation.labels;
  const judged = useMemo(
    () => (images && own && threshold !== null ? judge(images, classes, threshold) : own),
    [images, own, classes, threshold],
  );
  const rows = useMemo(() => classRows(classes, judged, threshold), [classes, judged, threshold]);
  const thresholds = classes.map((one) => one.threshold).sort((a, b) => a - b);
  return (
    <div class="judged">
      {judged && (
        <ConfidenceBar
          judged={judged}
          threshold={threshold}
          start={thresholds[Math.floor(thresholds.length / 2)] ?? 0}
          onThreshold={setThreshold}
        />
      )}
      <h3>Classes, worst first</h3>
      <ClassTable rows={rows} labels={labels} />
      <p class="minor">
        {judged && basisText(threshold)}
        {rows.some(({ hasFewBoxes }) => hasFewBoxes) &&
          ` Grey classes have fewer than ${MIN_BOXES} labelled objects in the test images, too few to judge them.`}
      </p>
      {problem !== null && <p class="note">What the model got wrong cannot be shown. {problem}</p>}
      {images?.length === 0 && (
        <p class="note">The evaluation manifest has no image of this dataset version.</p>
      )}
      {judged && <Errors dataset={dataset} labels={labels} judged={judged} />}
    </div>
  );
}

function basisText(threshold: number | null): string {
  const counted = 'are counted by matching boxes at an IoU of at least 0.5';
  return threshold === null
    ? `Found, missed and false alarms ${counted}. The minimum confidence of a class is the one with the best F1.`
    : `All figures below “Minimum confidence” ${counted}. The intervals hold only for the classes' own minimum.`;
}

function Errors({ dataset, labels, judged }: { dataset: string; labels: readonly string[]; judged: Judged }) {
  const [selection, setSelection] = useState<Selection>(() => ({ topic: firstTopicOf(judged.images) }));
  const openCell = (cell: ConfusionCell) => {
    setSelection({ cell });
    const title = document.getElementById(TEST_IMAGES_TITLE);
    title?.focus({ preventScroll: true });
    title?.scrollIntoView();
  };
  return (
    <>
      <h3>Kinds of errors</h3>
      <KindBars summary={judged.summary} />
      <h3>Size and position</h3>
      <GroupTables images={judged.images} />
      <h3>What is taken for what</h3>
      <ConfusionTable
        matrix={judged.matrix}
        selected={'cell' in selection ? selection.cell : null}
        onSelect={openCell}
      />
      <TestImages
        dataset={dataset}
        labels={labels}
        images={judged.images}
        selection={selection}
        onSelection={setSelection}
      />
    </>
  );
}
