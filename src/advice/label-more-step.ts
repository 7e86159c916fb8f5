import type { ClassCurve } from '../contracts/cross-validation.js';
import { agreeing, plural } from '../lib/plural.js';
import { byGain, isGaining } from './gain.js';

/** Maximum classes that are named, those that gain most first. */
const NAMED = 3;

const NOT_REKOGNITION = 'Measured with the local detector: figures of Rekognition differ.';

/** Proposes to label more photos of the classes that still gain from them; undefined if none was shown to. */
export function labelMoreStep(curves: readonly ClassCurve[]) {
  const gaining = gainingClasses(curves).slice(0, NAMED);
  if (gaining.length === 0) return undefined;
  return {
    kind: 'label-more' as const,
    title: `Label more photos of ${gaining.map(({ label }) => label).join(', ')}`,
    reason: `${agreeing(gaining.length, 'Its score rises', 'Their scores rise')} with the number of photos that a model learns from.`,
    evidence: `Cross-validated, F1 ${gaining.map(gainText).join('; ')}.`,
    certainty: `Likely. ${NOT_REKOGNITION}`,
    change: null,
  };
}

/** How sure it is that more photos help. */
export function photosCertainty(curves: readonly ClassCurve[]): string {
  if (curves.length === 0) return 'Not measured. Only a training shows whether F1 rises.';
  const gaining = gainingClasses(curves);
  const [first] = gaining;
  if (!first) return `Doubtful: cross-validated, no class gained from more photos. ${NOT_REKOGNITION}`;
  const names = gaining.map(({ label }) => label).join(', ');
  return `Likely for ${names}, ${gaining.length} of ${plural(curves.length, 'class')}: cross-validated, F1 ${gainText(first)}. ${NOT_REKOGNITION}`;
}

/** The classes whose F1 rose beyond chance with the last photos, those that rose most first. */
function gainingClasses(curves: readonly ClassCurve[]): ClassCurve[] {
  return curves.filter(isGaining).sort(byGain);
}

/** `of papule rises from 0.20 with 54 photos to 0.31 with 108 (95 % interval of the gain 0.02 to 0.20)` */
function gainText({ label, points, gain }: ClassCurve): string {
  const [before, after] = points.slice(-2);
  const interval = gain ? ` (95 % interval of the gain ${short(gain.low)} to ${short(gain.high)})` : '';
  return `of ${label} rises from ${short(before?.f1)} with ${plural(before?.photos ?? 0, 'photo')} to ${short(after?.f1)} with ${after?.photos ?? 0}${interval}`;
}

const short = (score: number | undefined) => (score ?? 0).toFixed(2);
