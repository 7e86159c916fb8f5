import { useRef } from 'preact/hooks';
import type { CheckProgress } from '../../../src/check/examine.js';
import { bytes, count, timeLeft } from '../format.js';
import { ProgressBar } from '../parts/progress-bar.js';

const STEPS = {
  inspecting: 'Reading the archive’s directory and labels',
  preprocessing: 'Reading the images',
  converting: 'Finding copies, balancing, splitting',
  validating: 'Validating',
} as const;

/** With fewer images the time left cannot be estimated. */
const RATED_FROM = 20;

export function Reading({
  file,
  progress,
  onStop,
}: {
  file: File;
  progress: CheckProgress;
  onStop: () => void;
}) {
  return (
    <section class="panel" aria-labelledby="reading-title">
      <h1 id="reading-title" tabIndex={-1}>
        Checking <span class="filename">{file.name}</span>
      </h1>
      <ReadingBar progress={progress} detail={bytes(file.size)} />
      <p class="minor">The check runs in this browser. Nothing has been uploaded.</p>
      <button type="button" onClick={onStop}>
        Stop
      </button>
    </section>
  );
}

/** The progress of a check. `detail` is shown while no images are counted. */
export function ReadingBar({ progress, detail }: { progress: CheckProgress; detail: string }) {
  const started = useRef(performance.now());
  const { stage, done, total } = progress;
  const counted = stage === 'preprocessing' && total > 0;
  const seconds = (performance.now() - started.current) / 1000;
  const left = done >= RATED_FROM ? `, ${timeLeft(((total - done) * seconds) / done)}` : '';
  return (
    <ProgressBar
      label={STEPS[stage]}
      {...(counted ? { value: done / total } : {})}
      detail={counted ? `${count(done)} of ${count(total)}${left}` : detail}
    />
  );
}
