import { useEffect, useState } from 'preact/hooks';
import { changeText } from '../../../src/advice/next-steps.js';
import { type Advice, api } from '../api.js';
import { plural } from '../format.js';
import { inLabels } from '../setting-labels.js';
import { LabelReview } from './label-review.js';
import { SHOWN_BY } from './step-headings.js';

type Step = Advice['steps'][number];

/** What to do next about the model, and the labels to check. Nothing is shown if nothing was measured. */
export function NextSteps({
  dataset,
  modelVersion,
  labels,
  revision,
  onPropose,
}: {
  dataset: string;
  modelVersion: string;
  labels: readonly string[];
  /** The steps are loaded again when it changes. */
  revision: boolean;
  onPropose: (change: NonNullable<Step['change']>) => void;
}) {
  const advice = useAdvice(dataset, modelVersion, revision);
  if (!advice || advice.steps.length === 0) return null;
  return (
    <section class="next" aria-labelledby="next-title">
      <h3 id="next-title">What next?</h3>
      <ol class="steps">
        {advice.steps.map((step) => (
          <StepItem key={step.kind} step={step} onPropose={onPropose} />
        ))}
      </ol>
      {advice.examined === 'test-images' && advice.doubts.length > 0 && (
        <LabelReview
          dataset={dataset}
          labels={labels}
          doubts={advice.doubts}
          examined={advice.examined}
          about={`${plural(advice.doubts.length, 'label')} of the test images, the most doubtful first. The training images are not covered.`}
          csv={api.labelReviewAddress(dataset, modelVersion)}
          heading="h4"
        />
      )}
    </section>
  );
}

function StepItem({
  step: { kind, title, reason, evidence, certainty, change },
  onPropose,
}: {
  step: Step;
  onPropose: (change: NonNullable<Step['change']>) => void;
}) {
  return (
    <li>
      <strong>{title}</strong>
      <p>
        {reason} {evidence}
      </p>
      {change && (
        <p>
          To do it, run the archive again with {inLabels(changeText(change))}.{' '}
          <button type="button" onClick={() => onPropose(change)}>
            Set it for another run
          </button>
        </p>
      )}
      {(kind === 'check-labels' || kind === 'label-more') && (
        <p>
          <button type="button" onClick={() => focusHeading(SHOWN_BY[kind].heading)}>
            {SHOWN_BY[kind].button}
          </button>
        </p>
      )}
      <p class="minor">How sure: {certainty}</p>
    </li>
  );
}

/** Keyboards continue from the heading. */
function focusHeading(id: string): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}

/** Loads the advice on a model; undefined until then, and if there is none. */
function useAdvice(dataset: string, modelVersion: string, revision: boolean): Advice | undefined {
  const [advice, setAdvice] = useState<Advice>();
  useEffect(() => {
    let wanted = true;
    api.advice(dataset, modelVersion).then(
      (loaded) => {
        if (wanted) setAdvice(loaded);
      },
      // Why there are no predictions is said where the test images would be.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [dataset, modelVersion, revision]);
  return advice;
}
