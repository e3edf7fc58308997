/** Which ticket numbers were given. None is given twice, over all epochs of a room. */
export class Numbers {
  /**
   * @param next that a new ticket of this epoch gets
   * @param given so far, in this epoch and before
   */
  constructor(
    public next: number,
    private readonly given: Set<number>,
  ) {}

  /** @returns whether it was not given before */
  give(number: number): boolean {
    if (this.given.has(number)) return false;
    this.given.add(number);
    return true;
  }
}
