import type { Evaluation, TrainingResult } from '../../../src/contracts/workflow-io.js';
import { f1Difference } from '../../../src/custom-labels/f1-difference.js';
import { count, plural, score, share } from '../format.js';
import { colourOf } from '../parts/colours.js';

/** Evaluation of the model: overall with the chance level, then per class. */
export function EvaluationTable({
  evaluation,
  training,
  labels,
}: {
  evaluation: Evaluation;
  training: TrainingResult | null;
  labels: readonly string[];
}) {
  const { f1, precision, recall, interval, chance, trainImages, testImages } = evaluation;
  const difference = f1Difference(evaluation);
  return (
    <section class="evaluation" aria-labelledby="evaluation-title">
      <h2 id="evaluation-title">Evaluation</h2>
      <dl class="figures">
        <div class="main">
          <dt>F1</dt>
          <dd>
            {score(f1)}
            {interval && (
              <span class="minor">
                {' '}
                95 % interval {score(interval.low)} to {score(interval.high)}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>Precision</dt>
          <dd>{score(precision)}</dd>
        </div>
        <div>
          <dt>Recall</dt>
          <dd>{score(recall)}</dd>
        </div>
        {typeof chance === 'number' && (
          <div>
            <dt>Chance level of F1</dt>
            <dd>{score(chance)}</dd>
          </div>
        )}
        {typeof trainImages === 'number' && (
          <div>
            <dt>Trained on</dt>
            <dd>{plural(trainImages, 'image')}</dd>
          </div>
        )}
        <div>
          <dt>Tested on</dt>
          <dd>{plural(testImages, 'image')}</dd>
        </div>
      </dl>
      {difference && <p class="note">{difference}</p>}
      {training?.trainer === 'emulator' && (
        <p class="note">Local baseline, not a Rekognition score: trained by the emulator on this machine.</p>
      )}
      <div class="wide">
        <table class="scores">
          <caption class="hidden">Evaluation per class</caption>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">F1</th>
              <th scope="col" class="number">
                Precision
              </th>
              <th scope="col" class="number">
                Recall
              </th>
              <th scope="col" class="number">
                Test images
              </th>
            </tr>
          </thead>
          <tbody>
            {evaluation.labels.map((label) => (
              <tr key={label.label}>
                <th scope="row">
                  <span class="key" style={{ color: colourOf(label.label, labels) }} aria-hidden="true" />{' '}
                  <span class="name">{label.label}</span>
                </th>
                <td class="scored">
                  <span class="value">{score(label.f1)}</span>
                  <span class="stack" aria-hidden="true">
                    <span class="train" style={{ width: `${share(label.f1, 1)}%` }} />
                  </span>
                </td>
                <td class="number">{score(label.precision)}</td>
                <td class="number">{score(label.recall)}</td>
                <td class="number">{count(label.testImages)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
