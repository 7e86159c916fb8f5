import { byCodePoint } from '../../lib/order.js';

/** Boxes that were left out, by reason. */
export class Drops {
  private readonly counts: Map<string, number>;

  constructor(start: Readonly<Record<string, number>>) {
    this.counts = new Map(Object.entries(start));
  }

  add(reason: string, count: number): void {
    if (count > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  sorted(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => byCodePoint(a, b)));
  }
}
