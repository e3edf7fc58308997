/** How often each of a few things has happened since the start. */
export class Tally {
  private readonly counts = new Map<string, number>();

  /** @param known what is shown with 0 before it has happened: a series that appears at 1 has no rate */
  constructor(known: readonly string[] = []) {
    for (const name of known) this.counts.set(name, 0);
  }

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  read(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }
}
