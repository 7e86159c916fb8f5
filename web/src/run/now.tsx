import { useEffect, useRef, useState } from 'preact/hooks';
import type { Progress, Waiting } from '../../../src/contracts/workflow-io.js';
import { count, duration, plural, secondsBetween, timeLeft, when } from '../format.js';
import { inPageWords } from '../page-words.js';
import { ProgressBar } from '../parts/progress-bar.js';
import { Rate } from '../upload/rate.js';
import { useNow } from './use-now.js';

/** Progress of the stage that runs. */
export function Now({ progress, hours }: { progress: Progress; hours: number | undefined }) {
  if (progress.result) return null;
  return (
    <>
      <Stage progress={progress} hours={hours} />
      {progress.waiting && <Retrying waiting={progress.waiting} />}
    </>
  );
}

/** Why the step is repeated, how often it was tried, and when it is tried next. */
function Retrying({ waiting: { reason, attempts, nextAttempt } }: { waiting: Waiting }) {
  return (
    <p class="outcome" role="status">
      Retrying: {inPageWords(reason)}
      {attempts ? ` ${plural(attempts, 'attempt')} so far.` : ''}
      {` Next attempt: ${nextAttempt === null ? 'now' : when(nextAttempt)}.`}
    </p>
  );
}

function Stage({ progress, hours }: { progress: Progress; hours: number | undefined }) {
  switch (progress.stage) {
    case 'preprocessing':
      return <Preprocessing progress={progress} />;
    case 'training':
      return <Training progress={progress} hours={hours} />;
    case 'inspecting':
      return <ProgressBar label="Reading the archive’s directory and labels" detail="" />;
    case 'converting':
      return <ProgressBar label="Finding copies, balancing, splitting, writing manifests" detail="" />;
    case 'validating':
      return <ProgressBar label="Validating the manifests" detail="" />;
    case 'evaluating':
      return <ProgressBar label="Reading the evaluation, writing the model card" detail="" />;
    default:
      return null;
  }
}

function Preprocessing({ progress: { images } }: { progress: Progress }) {
  const rate = useRate(images.done);
  const { done, total, rejected } = images;
  const details = [
    `${count(done)} of ${plural(total, 'image')}`,
    rate ? `${rate.toFixed(rate < 10 ? 1 : 0)} per second` : '',
    rate ? timeLeft((total - done) / rate) : '',
    rejected > 0 ? `${count(rejected)} rejected` : '',
  ].filter((detail) => detail !== '');
  return (
    <ProgressBar
      label="Preprocessing"
      {...(total > 0 ? { value: done / total } : {})}
      detail={details.join(', ')}
    />
  );
}

/** Images per second, over the last seconds. */
function useRate(done: number): number | undefined {
  const rate = useRef(new Rate());
  const [perSecond, setPerSecond] = useState<number>();
  useEffect(() => {
    rate.current.add(done, performance.now());
    setPerSecond(rate.current.perSecond());
  }, [done]);
  return perSecond;
}

function Training({ progress, hours }: { progress: Progress; hours: number | undefined }) {
  const now = useNow(true);
  const from = progress.stages.find(({ stage }) => stage === 'training')?.from;
  const elapsed = from === undefined ? 0 : secondsBetween(from, now);
  const expected = hours === undefined ? undefined : hours * 3600;
  const left = expected === undefined ? '' : remaining(expected - elapsed);
  return (
    <ProgressBar
      label={progress.training ? 'Training' : 'Starting the training'}
      {...(expected === undefined ? {} : { value: Math.min(0.99, elapsed / expected) })}
      detail={`${duration(elapsed)} so far${left}`}
    />
  );
}

const remaining = (seconds: number) => (seconds > 0 ? `, ${timeLeft(seconds)}` : ', longer than expected');
