/** How much is under way at once, and whose it is. What that limits is for its users to say. */
export class ConcurrencyCounter<Key> {
  private readonly byKey = new Map<Key, number>();
  private all = 0;

  get total(): number {
    return this.all;
  }

  /** How much of this key's is under way. Keys of which nothing is take no memory. */
  of(key: Key): number {
    return this.byKey.get(key) ?? 0;
  }

  /** One more begins. @returns its end: to be called once */
  begin(key: Key): () => void {
    this.add(key, 1);
    return () => this.add(key, -1);
  }

  private add(key: Key, change: 1 | -1): void {
    this.all += change;
    const own = this.of(key) + change;
    if (own > 0) this.byKey.set(key, own);
    else this.byKey.delete(key);
  }
}
