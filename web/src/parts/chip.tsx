import { stageName } from '../format.js';

const KINDS: Readonly<Record<string, string>> = {
  done: 'good',
  'awaiting-approval': 'waits',
  refused: 'bad',
  rejected: 'bad',
  'rejected-by-quality': 'bad',
  failed: 'bad',
  unreadable: 'bad',
  cancelled: 'idle',
};

/** A stage or outcome; its colour repeats its text. */
export function Chip({ stage }: { stage: string }) {
  return <span class={`chip ${KINDS[stage] ?? 'runs'}`}>{stageName(stage)}</span>;
}
