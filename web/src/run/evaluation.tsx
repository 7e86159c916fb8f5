import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Evaluation, ImageCounts, TrainingResult } from '../../../src/contracts/workflow-io.js';
import { f1Difference } from '../../../src/custom-labels/f1-difference.js';
import { usedImagesText } from '../../../src/dataset/model/tiled-images.js';
import { verdictText, weakestText } from '../../../src/evaluation/verdict-text.js';
import { api } from '../api.js';
import { classRows } from '../errors/class-rows.js';
import { IntervalBar } from '../errors/interval-bar.js';
import { type Judged, judge } from '../errors/judge.js';
import { ModelErrors } from '../errors/model-errors.js';
import { NextSteps } from '../errors/next-steps.js';
import { useTestImages } from '../errors/use-test-images.js';
import { score } from '../format.js';
import type { Proposal } from './run-again.js';

/** Evaluation of the model: whether it is any good, which classes are, and what it gets wrong. */
export function EvaluationSection({
  dataset,
  evaluation,
  training,
  labels,
  images: split,
  isCrossValidated,
  onPropose,
  children,
}: {
  dataset: string;
  evaluation: Evaluation;
  training: TrainingResult | null;
  labels: readonly string[];
  /** Counts of the dataset version; null or undefined if they are unknown. */
  images: ImageCounts | null | undefined;
  /** Whether the labels of all images were examined, which changes what to do next. */
  isCrossValidated: boolean;
  onPropose: (proposal: Proposal) => void;
  /** Shown below what to do next. */
  children: ComponentChildren;
}) {
  const test = useTestImages(dataset, training?.modelVersion);
  const { images } = test;
  const own = useMemo(
    () => (images && images.length > 0 ? judge(images, evaluation.labels, null) : null),
    [images, evaluation],
  );
  const difference = f1Difference(evaluation);
  return (
    <section class="evaluation" aria-labelledby="evaluation-title">
      <h2 id="evaluation-title">Evaluation</h2>
      <Verdict evaluation={evaluation} judged={own} />
      <Figures evaluation={evaluation} images={split} />
      {difference && <p class="note">{difference}</p>}
      {training?.trainer === 'emulator' && (
        <p class="note">Local baseline, not a Rekognition score: trained by the emulator on this machine.</p>
      )}
      {training && (
        <>
          <ReportLinks dataset={dataset} modelVersion={training.modelVersion} />
          <NextSteps
            dataset={dataset}
            modelVersion={training.modelVersion}
            labels={labels}
            revision={isCrossValidated}
            onPropose={onPropose}
          />
        </>
      )}
      {children}
      <ModelErrors dataset={dataset} evaluation={evaluation} labels={labels} test={test} own={own} />
    </section>
  );
}

function ReportLinks({ dataset, modelVersion }: { dataset: string; modelVersion: string }) {
  const address = api.modelReportAddress(dataset, modelVersion);
  return (
    <p class="minor">
      Report of the model, one file to keep or to send:{' '}
      <a href={address} target="_blank" rel="noreferrer">
        open
      </a>{' '}
      or{' '}
      <a href={address} download={`${dataset}.model.html`}>
        download
      </a>
    </p>
  );
}

function Verdict({ evaluation, judged }: { evaluation: Evaluation; judged: Judged | null }) {
  const { f1, interval = null, chance = null, testBoxes = null, labels } = evaluation;
  const [weakest, ...others] = classRows(labels, judged, null);
  return (
    <p class="verdict">
      {verdictText({ f1, interval, chance, testBoxes }, judged?.summary.total ?? null)}
      {weakest?.errors && others.length > 0 && ` ${weakestText(weakest.errors)}`}
    </p>
  );
}

function Figures({ evaluation, images }: { evaluation: Evaluation; images: ImageCounts | null | undefined }) {
  const { f1, precision, recall, interval = null, chance = null, trainImages, testImages } = evaluation;
  return (
    <>
      <dl class="figures">
        <div class="main">
          <dt>F1, mean over classes</dt>
          <dd>{score(f1)}</dd>
        </div>
        <Figure name="Precision, mean" value={score(precision)} />
        <Figure name="Recall, mean" value={score(recall)} />
        {typeof trainImages === 'number' && (
          <Figure name="Trained on" value={usedImagesText(trainImages, images, 'train')} />
        )}
        <Figure name="Tested on" value={usedImagesText(testImages, images, 'val')} />
      </dl>
      <div class="scale">
        <IntervalBar value={f1} interval={interval} chance={chance} />
        <div class="ends minor" aria-hidden="true">
          <span>0</span>
          <span>1</span>
        </div>
        <div class="keys minor" aria-hidden="true">
          {interval && (
            <span class="key-band">
              95 % interval {score(interval.low)} to {score(interval.high)}
            </span>
          )}
          {chance !== null && <span class="key-chance">chance {score(chance)}</span>}
        </div>
      </div>
      <p class="minor">
        Precision and recall are means over the classes too, so F1 can be lower or higher than both.
        {images?.tiles && ' Objects are counted in each image that shows them: the photo and its tiles.'}
      </p>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
