/** Bytes that an entry takes in a growing list, roughly. */
const ENTRY_BYTES = 16;

/** Entries by cost, cheapest first and in the order of arrival among equals. Distinct costs are few, entries many. */
export class CostQueue {
  private readonly buckets = new Map<number, { entries: number[]; head: number }>();
  /** Costs with a bucket, dearest first. */
  private readonly costs: number[] = [];
  /** Entries in all buckets; those popped stay in theirs until it is empty. */
  private held = 0;

  get isEmpty(): boolean {
    return this.costs.length === 0;
  }

  /** Bytes held, roughly. */
  get bytes(): number {
    return ENTRY_BYTES * this.held;
  }

  push(cost: number, entry: number): void {
    this.held++;
    const bucket = this.buckets.get(cost);
    if (bucket) {
      bucket.entries.push(entry);
      return;
    }
    this.buckets.set(cost, { entries: [entry], head: 0 });
    let at = this.costs.length;
    while (at > 0 && this.costs[at - 1] < cost) at--;
    this.costs.splice(at, 0, cost);
  }

  pop(): { cost: number; entry: number } {
    const cost = this.costs[this.costs.length - 1];
    const bucket = this.buckets.get(cost) as { entries: number[]; head: number };
    const entry = bucket.entries[bucket.head++];
    if (bucket.head === bucket.entries.length) {
      this.held -= bucket.entries.length;
      this.buckets.delete(cost);
      this.costs.pop();
    }
    return { cost, entry };
  }
}
