import { byCodePoint } from '../../lib/order.js';

/** Counts dropped boxes by reason. */
export class Drops {
  private readonly counts: Map<string, number>;

  constructor(start: Readonly<Record<string, number>>) {
    this.counts = new Map(Object.entries(start));
  }

  /** Adds `count` boxes to `reason`; a count of 0 adds no entry. */
  add(reason: string, count: number): void {
    if (count > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  /** Adds counts by reason. */
  addAll(counts: Readonly<Record<string, number>>): void {
    for (const [reason, count] of Object.entries(counts)) this.add(reason, count);
  }

  /** The counts by reason, sorted by reason. */
  sorted(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => byCodePoint(a, b)));
  }
}
