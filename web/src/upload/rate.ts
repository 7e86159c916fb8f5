interface Sample {
  readonly at: number;
  readonly amount: number;
}

/** What moved in the last seconds says more of the next than the mean since the start. */
const WINDOW_MS = 8_000;
const LEAST_MS = 750;

/** The rate of an amount that grows, from its last seconds. */
export class Rate {
  private samples: Sample[] = [];

  /** @param at milliseconds of any steady clock */
  add(amount: number, at: number): void {
    this.samples = [...this.samples.filter((sample) => at - sample.at < WINDOW_MS), { at, amount }];
  }

  /** A second; undefined until there is enough to go by. */
  perSecond(): number | undefined {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.at - first.at < LEAST_MS) return undefined;
    return ((last.amount - first.amount) * 1000) / (last.at - first.at);
  }
}
