import { SingleBar as Bar, Presets, type SingleBar } from 'cli-progress';
import type { Progress, Waiting } from '../../contracts/workflow-io.js';
import { plural } from '../../lib/plural.js';
import { EXIT } from './exit-codes.js';
import { inFlags } from './flags.js';

/** Minimum time between two lines of one stage if stderr is not a terminal, to keep logs short. */
const LINE_INTERVAL_MS = 10_000;
/** Minimum time between two lines with the same reason for a repeated step. */
const REASON_INTERVAL_MS = 5 * 60_000;

/** Shows progress on stderr: as a bar on a terminal, else as occasional lines. */
export class ProgressDisplay {
  private bar: SingleBar | undefined;
  private stage = '';
  private reason = '';
  private since = 0;
  private lastLine = 0;
  private lastReason = 0;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  run({ stage, stages, images, training, waiting }: Progress): void {
    this.waiting(waiting);
    if (stage === 'preprocessing') this.counted(stage, images.done, images.total, 'images');
    else if (training && (stage === 'training' || stage === 'evaluating')) {
      const from = stages.find((one) => one.stage === 'training')?.from;
      const elapsed = stage === 'training' && from ? (Date.now() - Date.parse(from)) / 1000 : 0;
      this.step(`${stage} ${training.modelVersion}${soFar(elapsed)}`, '');
    } else this.step(stage, '');
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

  counted(stage: string, done: number, total: number, unit: 'images' | 'bytes'): void {
    const isNew = this.enter(stage);
    const seconds = (Date.now() - this.since) / 1000;
    const rate = seconds > 0.5 ? done / seconds : 0;
    const left = rate > 0 ? `${Math.ceil((total - done) / rate)} s left` : '';
    if (this.stream.isTTY) {
      this.bar ??= this.startBar(stage, total);
      this.bar.setTotal(total);
      this.bar.update(done, {
        text: `${amount(done, unit)}/${amount(total, unit)}  ${amount(rate, unit)}/s  ${left}`,
      });
      return;
    }
    if (isNew || Date.now() - this.lastLine >= LINE_INTERVAL_MS) {
      const pace = rate > 0 ? `, ${amount(rate, unit)}/s, ${left}` : '';
      this.line(
        total > 0 ? `${stage}: ${amount(done, unit)} of ${amount(total, unit)}${pace}` : `${stage} …`,
      );
    }
  }

  /** Shows a stage without a count. */
  step(stage: string, detail: string): void {
    if (this.enter(stage)) this.line(detail === '' ? `${stage} …` : `${stage} ${detail} …`);
  }

  say(message: string): void {
    this.end();
    this.line(message);
  }

  end(): void {
    process.removeListener('SIGINT', this.interrupted);
    this.bar?.stop();
    this.bar = undefined;
  }

  /** Restores the cursor, which a bar hides. Exits only if no other listener handles Ctrl-C. */
  private readonly interrupted = () => {
    this.end();
    if (process.listenerCount('SIGINT') === 0) process.exit(EXIT.detached);
  };

  private enter(stage: string): boolean {
    if (stage === this.stage) return false;
    this.end();
    this.stage = stage;
    this.since = Date.now();
    return true;
  }

  private line(text: string): void {
    this.lastLine = Date.now();
    this.stream.write(`${text}\n`);
  }

  private startBar(stage: string, total: number): SingleBar {
    const format = `${stage} [{bar}] {percentage}%  {text}`;
    const bar = new Bar({ format, stream: this.stream, hideCursor: true, fps: 5 }, Presets.rect);
    process.once('SIGINT', this.interrupted);
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

function amount(value: number, unit: 'images' | 'bytes'): string {
  if (unit === 'bytes') return `${(value / 1e6).toFixed(1)} MB`;
  return value >= 10 || Number.isInteger(value) ? `${Math.round(value)}` : value.toFixed(1);
}
