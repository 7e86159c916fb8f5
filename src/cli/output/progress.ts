import { SingleBar as Bar, Presets, type SingleBar } from 'cli-progress';
import type { Progress, Waiting } from '../../contracts/workflow-io.js';
import { durationText } from '../../lib/duration-text.js';
import { plural } from '../../lib/plural.js';
import { inFlags } from './flags.js';
import { visibleText } from './terminal.js';

/** Minimum time between two lines of one stage if stderr is not a terminal, to keep logs short. */
const LINE_INTERVAL_MS = 10_000;
/** Minimum time between two lines with the same reason for a repeated step. */
const REASON_INTERVAL_MS = 5 * 60_000;
/** Leaves room for stage, counts, rate and time left on a line of 80 columns. */
const BAR_COLUMNS = 16;

type Unit = 'images' | 'objects' | 'bytes' | 'detectors';

/** Does `work` with a display, which ends with it: on a terminal a display redraws its line and keeps the process alive. */
export async function withProgress<T>(work: (display: ProgressDisplay) => Promise<T>): Promise<T> {
  const display = new ProgressDisplay();
  try {
    return await work(display);
  } finally {
    display.end();
  }
}

/** Shows progress on stderr: on a terminal as one line that is redrawn, else as occasional lines. */
export class ProgressDisplay {
  private bar: SingleBar | undefined;
  private stage = '';
  private reason = '';
  private since = 0;
  private doneBefore = 0;
  private lastLine = 0;
  private lastReason = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  run({ stage, stages, images, training, waiting }: Progress): void {
    this.waiting(waiting);
    if (stage === 'preprocessing') this.counted(stage, images.done, images.total, 'images');
    else if (training && (stage === 'training' || stage === 'evaluating')) {
      const from = stages.find((one) => one.stage === stage)?.from;
      const elapsed = from ? (Date.now() - Date.parse(from)) / 1000 : 0;
      this.step(`${stage} ${training.modelVersion}`, elapsed);
    } else this.step(stage);
  }

  /** Says why a step is repeated: once per reason, and again after minutes if it still is. */
  waiting(waiting: Waiting | undefined): void {
    const reason = waiting?.reason ?? '';
    const isLong = Date.now() - this.lastReason >= REASON_INTERVAL_MS && waiting?.nextAttempt;
    if (waiting && (reason !== this.reason || isLong)) {
      this.say(waitingLine(waiting));
      this.lastReason = Date.now();
    }
    this.reason = reason;
  }

  counted(stage: string, done: number, total: number, unit: Unit): void {
    const isNew = this.enter(stage);
    if (isNew) this.doneBefore = done;
    const pace = this.paceOf(done, total, unit);
    if (this.stream.isTTY) {
      this.bar ??= this.startBar(total, `${visibleText(stage)} [{bar}] {percentage}%  {text}`);
      this.bar.setTotal(total);
      this.bar.update(done, { text: [amountOf(done, total, unit), ...pace].join('  ') });
      return;
    }
    if (isNew || Date.now() - this.lastLine >= LINE_INTERVAL_MS) {
      const counts = amountOf(done, total, unit);
      this.line(total > 0 ? `${stage}: ${[counts, ...pace].join(', ')}` : `${stage} …`);
    }
  }

  /** Shows a stage without a count, with a clock on a terminal. `elapsedSecs` is its duration so far. */
  step(stage: string, elapsedSecs = 0): void {
    if (!this.stream.isTTY) {
      const text = `${stage}${soFar(elapsedSecs)}`;
      if (this.enter(text)) this.line(`${text} …`);
      return;
    }
    if (!this.enter(stage) && this.bar) return;
    const from = Date.now() - elapsedSecs * 1000;
    this.bar = this.startBar(1, () => `${visibleText(stage)} …  ${clock(Date.now() - from)}`);
  }

  say(message: string): void {
    this.end();
    this.line(message);
  }

  /** Ends the line that is redrawn, if there is one, and shows the cursor again. */
  readonly end = (): void => {
    process.removeListener('exit', this.end);
    this.bar?.stop();
    this.bar = undefined;
  };

  private enter(stage: string): boolean {
    if (stage === this.stage) return false;
    this.end();
    this.stage = stage;
    this.since = Date.now();
    return true;
  }

  /** Rate and time left, once both can be told. What was done before the display began says nothing about the rate. */
  private paceOf(done: number, total: number, unit: Unit): string[] {
    const seconds = (Date.now() - this.since) / 1000;
    const rate = seconds > 0.5 ? (done - this.doneBefore) / seconds : 0;
    if (rate <= 0) return [];
    const left = `${durationText(Math.ceil((total - done) / rate))} left`;
    // Detectors take seconds to minutes each.
    return unit === 'detectors' ? [left] : [`${amount(rate, unit)}/s`, left];
  }

  private line(text: string): void {
    this.lastLine = Date.now();
    this.stream.write(`${visibleText(text)}\n`);
  }

  private startBar(total: number, format: string | (() => string)): SingleBar {
    const look = { barsize: BAR_COLUMNS, hideCursor: true, fps: 5 };
    const bar = new Bar({ format, stream: this.stream, ...look }, Presets.rect);
    process.once('exit', this.end);
    bar.start(total, 0, { text: '' });
    return bar;
  }
}

/** Why a step is repeated, how often it was tried, and when it is tried next. */
export function waitingLine({ reason, attempts, nextAttempt }: Waiting): string {
  const tried = attempts ? ` ${plural(attempts, 'attempt')} so far.` : '';
  return `Retrying: ${inFlags(reason)}${tried} Next attempt: ${nextAttempt ?? 'now'}`;
}

/** `, 1.2 h so far` in steps of 0.1 h, so that a long training logs few lines; empty before the first step. */
export function soFar(seconds: number): string {
  const tenths = Math.floor(seconds / 360);
  return tenths === 0 ? '' : `, ${(tenths / 10).toFixed(1)} h so far`;
}

/** `4:05` or `1:04:05`. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const padded = (part: number) => String(part).padStart(2, '0');
  const rest = padded(seconds % 60);
  return hours > 0 ? `${hours}:${padded(minutes)}:${rest}` : `${minutes}:${rest}`;
}

const amountOf = (done: number, total: number, unit: Unit) =>
  `${amount(done, unit)} of ${amount(total, unit)}`;

function amount(value: number, unit: Unit): string {
  if (unit === 'bytes')
    return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(2)} GB`;
  return value >= 10 || Number.isInteger(value) ? `${Math.round(value)}` : value.toFixed(1);
}
