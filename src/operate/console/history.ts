/**
 * The last minutes as samples of equal length. What happens is counted into the sample of its time, also when it is heard
 * of a little later; what is older than the whole is left out. Takes the time (ms) as a parameter.
 */
export class History<Row extends object> {
  /** By number of the sample since the epoch, oldest first. */
  private readonly rows = new Map<number, Row>();

  /**
   * @param sampleMs length of a sample, ms
   * @param most samples that are kept
   * @param empty makes the row of a sample in which nothing has happened yet
   */
  constructor(
    private readonly sampleMs: number,
    private readonly most: number,
    private readonly empty: () => Row,
  ) {}

  /** The row of the sample in which `at` lies; undefined when that is too long ago. */
  row(at: number, now: number): Row | undefined {
    const slot = this.slotOf(at);
    if (slot <= this.slotOf(now) - this.most) return undefined;
    const known = this.rows.get(slot);
    if (known) return known;
    const row = this.empty();
    const isLatest = [...this.rows.keys()].every((other) => other < slot);
    this.rows.set(slot, row);
    if (!isLatest) this.sort();
    this.forget(now);
    return row;
  }

  /** The samples with the times at which they began, oldest first; only those that began at `since` or later. */
  since(since: number): [at: number, row: Row][] {
    const first = this.slotOf(since);
    return [...this.rows].filter(([slot]) => slot >= first).map(([slot, row]) => [slot * this.sampleMs, row]);
  }

  all(): [at: number, row: Row][] {
    return this.since(0);
  }

  private slotOf(at: number): number {
    return Math.floor(at / this.sampleMs);
  }

  private sort(): void {
    const sorted = [...this.rows].sort(([one], [other]) => one - other);
    this.rows.clear();
    for (const [slot, row] of sorted) this.rows.set(slot, row);
  }

  private forget(now: number): void {
    const oldest = this.slotOf(now) - this.most;
    for (const slot of this.rows.keys()) {
      if (slot > oldest) return;
      this.rows.delete(slot);
    }
  }
}
