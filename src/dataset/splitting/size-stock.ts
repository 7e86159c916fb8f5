/** The sizes of the groups that are still available, and the sums that they can form (bounded subset sum). */
export class SizeStock {
  private readonly counts = new Map<number, number>();
  private total = 0;

  constructor(sizes: Iterable<number>) {
    for (const size of sizes) this.add(size, 1);
  }

  /** Adds `count` groups of a size; a negative count removes them. */
  add(size: number, count: number): void {
    this.counts.set(size, (this.counts.get(size) ?? 0) + count);
    this.total += size * count;
  }

  /** The largest possible sum up to `limit`. */
  best(limit: number): number {
    let sum = Math.min(limit, this.total);
    while (!this.canMake(sum)) sum -= 1;
    return sum;
  }

  /** Whether some of the groups add up to `amount`. */
  canMake(amount: number): boolean {
    if (amount === 0) return true;
    if (amount < 0 || amount > this.total) return false;
    return this.singlesFillGaps() || this.isSum(amount);
  }

  /** With enough groups of one image, every gap that larger groups leave can be filled. */
  private singlesFillGaps(): boolean {
    let largest = 1;
    for (const [size, count] of this.counts) if (count > 0) largest = Math.max(largest, size);
    return (this.counts.get(1) ?? 0) >= largest - 1;
  }

  private isSum(amount: number): boolean {
    const made = new Uint8Array(amount + 1);
    made[0] = 1;
    for (const [size, count] of this.counts) {
      const used = new Int32Array(amount + 1);
      for (let sum = size; sum <= amount; sum += 1) {
        const before = used[sum - size] ?? 0;
        if (made[sum] === 1 || made[sum - size] !== 1 || before >= count) continue;
        made[sum] = 1;
        used[sum] = before + 1;
      }
    }
    return made[amount] === 1;
  }
}
