/** What is held until it is released. */
export interface Hold {
  /** Resolves once the first match is held. */
  readonly reached: Promise<void>;
  /** Releases everything that is held; resolves once the responses were delivered or their connections were closed. */
  release(): Promise<void>;
  /** Waits until the senders of everything that is held have closed their connections. */
  closed(): Promise<void>;
}

/** Holds what passes a proxy. */
export class Holds<Passing> {
  private readonly holds: {
    readonly matches: (passing: Passing) => boolean;
    readonly held: (delivered: Promise<void>) => Promise<void>;
  }[] = [];

  /** Holds everything that matches from now on. */
  hold(matches: (passing: Passing) => boolean): Hold {
    const deliveries: Promise<void>[] = [];
    let [reach, open] = [() => {}, () => {}];
    const reached = new Promise<void>((resolve) => {
      reach = resolve;
    });
    const released = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.holds.push({
      matches,
      held: async (delivered) => {
        deliveries.push(delivered);
        reach();
        await released;
      },
    });
    const closed = async () => {
      await Promise.all(deliveries);
    };
    return {
      reached,
      closed,
      release: async () => {
        open();
        await closed();
      },
    };
  }

  /**
   * Waits while something that matches is held.
   * @param delivered resolves once its response was delivered or its connection was closed
   */
  async pass(passing: Passing, delivered: Promise<void>): Promise<void> {
    await this.holds.find(({ matches }) => matches(passing))?.held(delivered);
  }
}
