/** Limits the sum of the weights of the tasks that run at once. Tasks start in the order in which they came. */
export class MemoryGate {
  private used = 0;
  private readonly waiting: { readonly weight: number; readonly start: () => void }[] = [];

  /** @param capacity the maximum sum; a task that weighs more runs alone */
  constructor(private readonly capacity: number) {}

  /** Runs `task` as soon as its weight fits. Tasks without weight do not wait. */
  async run<T>(weight: number, task: () => Promise<T>): Promise<T> {
    if (weight === 0) return await task();
    await new Promise<void>((start) => {
      this.waiting.push({ weight, start });
      this.startFitting();
    });
    try {
      return await task();
    } finally {
      this.used -= weight;
      this.startFitting();
    }
  }

  private startFitting(): void {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (this.used > 0 && this.used + next.weight > this.capacity) return;
      this.waiting.shift();
      this.used += next.weight;
      next.start();
    }
  }
}
