import { type Progress, STAGES } from '../../../src/contracts/workflow-io.js';
import { count, duration, secondsBetween, stageName } from '../format.js';
import { useNow } from './use-now.js';

const CLASSES: Readonly<Record<string, string>> = { done: 'past', cancelled: 'stopped' };

/** The stages of a run in order, with the duration of each. The stage at which the run ended without success says so. */
export function Timeline({ progress: { stages, images, result } }: { progress: Progress }) {
  const now = useNow(result === null);
  // A run that ended during preprocessing has counted only some of the images, so it has no rate.
  const isPreprocessed = stages.some(({ stage }) => stage === 'converting');
  const last = stages.at(-1)?.stage;
  return (
    <ol class="timeline" aria-label="Stages">
      {STAGES.map((stage) => {
        const times = stages.filter((time) => time.stage === stage);
        const isActive = result === null && times.some(({ to }) => to === null);
        const seconds = times.reduce((sum, { from, to }) => sum + secondsBetween(from, to ?? now), 0);
        const state = isActive ? 'active' : times.length > 0 ? 'past' : 'ahead';
        const ended = result !== null && stage === last ? result.outcome : 'done';
        return (
          <li
            key={stage}
            class={state === 'past' ? (CLASSES[ended] ?? 'bad') : state}
            aria-current={isActive ? 'step' : undefined}
          >
            <span class="stage">{stageName(stage)}</span>
            <span class="minor">
              {durationText(state, seconds, result !== null)}
              {stage === 'preprocessing' && isPreprocessed && `, ${rateText(images.done, seconds)}`}
              {ended !== 'done' && (
                <>
                  , <strong>{stageName(ended).toLowerCase()}</strong>
                </>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

const rateText = (images: number, seconds: number) =>
  `${count(seconds === 0 ? 0 : Math.round(images / seconds))} images/s`;

function durationText(state: 'active' | 'past' | 'ahead', seconds: number, ended: boolean): string {
  if (state !== 'ahead') return duration(seconds);
  return ended ? 'not run' : '';
}
