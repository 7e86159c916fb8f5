/** F1 with its 95 % interval; evaluations from before, and those without predictions, have none. */
interface Figure {
  readonly f1: number;
  readonly interval?: { readonly low: number; readonly high: number } | null;
}

export interface Verdict {
  readonly passed: boolean;
  /** A sentence; empty where there is nothing to say. */
  readonly message: string;
}

/** Whether a model is good enough for MIN_F1, and how sure that is. */
export function judge(minF1: number | null | undefined, { f1, interval }: Figure): Verdict {
  if (minF1 === null || minF1 === undefined) return { passed: true, message: '' };
  const passed = f1 >= minF1;
  const range = interval ? ` (95 % interval ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})` : '';
  const unsure = interval && interval.low < minF1 && minF1 <= interval.high;
  return {
    passed,
    message:
      `Its F1 of ${f1.toFixed(3)}${range} ${passed ? 'reaches' : 'is below'} MIN_F1=${minF1}.` +
      (unsure
        ? ' The interval contains the gate: other test images might have decided otherwise. More images in val make it surer.'
        : ''),
  };
}
