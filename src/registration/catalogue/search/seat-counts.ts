/** The seats of one section, of one moment. */
export interface SeatCount {
  capacity: number;
  /** Seats that anybody may still take. */
  left: number;
  waiting: number;
  /** An older count never replaces a newer one. */
  version: number;
}

/** As it is told after a change. */
export type HeardCount = Pick<SeatCount, 'left' | 'version'> & Partial<SeatCount>;

/** The seats of a term's sections, by their place in the index. Pure. */
export class SeatCounts {
  private readonly capacity: Int32Array;
  private readonly left: Int32Array;
  private readonly waiting: Int32Array;
  private readonly version: Int32Array;

  constructor(sections: number) {
    [this.capacity, this.left, this.waiting, this.version] = Array.from(
      { length: 4 },
      () => new Int32Array(sections),
    ) as [Int32Array, Int32Array, Int32Array, Int32Array];
  }

  /** What is not said stays as it is known. */
  take(place: number, { capacity, left, waiting, version }: HeardCount): void {
    if (version < this.at(this.version, place)) return;
    this.left[place] = left;
    this.version[place] = version;
    if (capacity !== undefined) this.capacity[place] = capacity;
    if (waiting !== undefined) this.waiting[place] = waiting;
  }

  of(place: number): SeatCount {
    return {
      capacity: this.at(this.capacity, place),
      left: this.at(this.left, place),
      waiting: this.at(this.waiting, place),
      version: this.at(this.version, place),
    };
  }

  /** A section of capacity 0 is closed, whatever is left of it. */
  isOpen(place: number): boolean {
    return this.at(this.left, place) > 0 && this.at(this.capacity, place) > 0;
  }

  private at(counts: Int32Array, place: number): number {
    return counts[place] ?? 0;
  }
}
