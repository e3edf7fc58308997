import { NOBODY, type SeatRequest } from '../seats/seat-request';

interface Queued {
  request: SeatRequest;
  /** `orderKeys` of the request. */
  keys: readonly string[];
}

/**
 * What nobody else may be deciding on at the same time: the student, and the sections. A term has no blank, so that no
 * student is taken for a section.
 */
export function orderKeys({ studentId, termId, sectionIds }: SeatRequest): string[] {
  const sections = sectionIds.map((sectionId) => `${termId} ${sectionId}`);
  return studentId === NOBODY ? sections : [` ${studentId}`, ...sections];
}

/**
 * The requests that wait, in the order of their arrival, and what is being decided. Two requests of the same student, or
 * for the same section, are never decided in another order than they came in, whatever becomes of the first: who is given
 * out is kept in mind until released, and nobody who shares anything with them is given out meanwhile. Others may be.
 */
export class SeatQueue<Entry extends Queued> {
  private waiting: Entry[] = [];
  /** Waiting entries, from the first, of which it is known that they cannot go before something is released. */
  private blocked = 0;
  private readonly blockedKeys = new Set<string>();
  /** Students and sections of what was given out, with how many entries each. */
  private readonly busy = new Map<string, number>();
  private readonly perStudent = new Map<string, number>();

  get length(): number {
    return this.waiting.length;
  }

  /** How many requests of a student wait. */
  of(studentId: string): number {
    return this.perStudent.get(studentId) ?? 0;
  }

  push(entry: Entry): void {
    this.waiting.push(entry);
    this.count(entry, 1);
  }

  /** Puts entries before all others, in their order. */
  pushFirst(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    this.waiting = [...entries, ...this.waiting];
    for (const entry of entries) this.count(entry, 1);
    this.forgetBlocked();
  }

  /** Gives out, in order, up to `most` entries that need not wait for what is given out already. */
  take(most: number): Entry[] {
    const taken: Entry[] = [];
    const passed: Entry[] = [];
    let index = this.blocked;
    for (; index < this.waiting.length && taken.length < most; index += 1) {
      const entry = this.waiting[index] as Entry;
      if (entry.keys.some((key) => this.busy.has(key) || this.blockedKeys.has(key))) {
        for (const key of entry.keys) this.blockedKeys.add(key);
        passed.push(entry);
      } else {
        taken.push(entry);
      }
    }
    if (taken.length > 0) {
      this.waiting = [...this.waiting.slice(0, this.blocked), ...passed, ...this.waiting.slice(index)];
    }
    this.blocked += passed.length;
    for (const entry of taken) {
      this.count(entry, -1);
      for (const key of entry.keys) this.busy.set(key, (this.busy.get(key) ?? 0) + 1);
    }
    return taken;
  }

  /** What was given out is decided. */
  release(entries: readonly Entry[]): void {
    for (const key of entries.flatMap(({ keys }) => keys)) {
      const left = (this.busy.get(key) ?? 0) - 1;
      if (left > 0) this.busy.set(key, left);
      else this.busy.delete(key);
    }
    this.forgetBlocked();
  }

  private forgetBlocked(): void {
    this.blocked = 0;
    this.blockedKeys.clear();
  }

  private count({ request: { studentId } }: Entry, by: 1 | -1): void {
    const count = this.of(studentId) + by;
    if (count > 0) this.perStudent.set(studentId, count);
    else this.perStudent.delete(studentId);
  }
}
