interface Sample {
  readonly at: number;
  readonly amount: number;
}

/** The last seconds predict the next ones better than the mean since the start. */
const WINDOW_MS = 8_000;
const MIN_SPAN_MS = 750;

/** The rate of a growing amount over the last seconds. */
export class Rate {
  private samples: Sample[] = [];

  /** @param at milliseconds of a monotonic clock */
  add(amount: number, at: number): void {
    this.samples = [...this.samples.filter((sample) => at - sample.at < WINDOW_MS), { at, amount }];
  }

  /** Amount per second; undefined until there are enough samples. */
  perSecond(): number | undefined {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.at - first.at < MIN_SPAN_MS) return undefined;
    return ((last.amount - first.amount) * 1000) / (last.at - first.at);
  }
}
