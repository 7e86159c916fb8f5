/** Numbers and times as the page shows them. */
import { pluralNoun } from '../../src/lib/plural.js';

const number = new Intl.NumberFormat('en');

export const count = (n: number) => number.format(n);

export const plural = (n: number, noun: string) => `${count(n)} ${pluralNoun(n, noun)}`;

export function bytes(n: number): string {
  if (n < 1e6) return `${Math.max(1, Math.round(n / 1e3))} KB`;
  return n < 1e9 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e9).toFixed(2)} GB`;
}

/** `2 h 47 min`, `3 min 5 s` or `0.8 s`: at most two units. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** An estimate, so without seconds, which would change all the time. */
export function timeLeft(seconds: number): string {
  if (seconds < 60) return 'under a minute left';
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `about ${minutes} min left` : `about ${(minutes / 60).toFixed(1)} h left`;
}

export const secondsBetween = (from: string, to: string | number) =>
  (new Date(to).getTime() - new Date(from).getTime()) / 1000;

export const share = (part: number, whole: number) => (whole === 0 ? 0 : (part / whole) * 100);

export const score = (value: number) => value.toFixed(3);

const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export const when = (iso: string) => dateTime.format(new Date(iso));

const STAGE_NAMES: Readonly<Record<string, string>> = {
  inspecting: 'Inspecting',
  preprocessing: 'Preprocessing',
  converting: 'Converting',
  validating: 'Validating',
  'awaiting-approval': 'Awaiting approval',
  training: 'Training',
  evaluating: 'Evaluating',
  done: 'Done',
  refused: 'Refused',
  rejected: 'Rejected',
  'rejected-by-quality': 'Below the quality gate',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const stageName = (stage: string) => STAGE_NAMES[stage] ?? stage;
