import { PositionIndex } from '../../line/position-index';
import type { TicketState } from '../../line/ticket';
import { NumberSet } from './number-set';

/** Which ticket numbers were given. None is given twice, over all epochs of a room. */
export class Numbers {
  /**
   * @param next that a new ticket of this epoch gets
   * @param given so far, in this epoch and before
   */
  constructor(
    public next: number,
    private readonly given: NumberSet,
  ) {}

  /** @returns whether it was not given before */
  give(number: number): boolean {
    return this.given.add(number);
  }
}

interface Place {
  student: string;
  state: Exclude<TicketState, 'ended'>;
}

/**
 * Who holds which number of an epoch, who of them is there, and how many are inside. Of those that have ended only the
 * number is kept: a long trail has many of them.
 */
export class Places {
  private readonly places = new Map<number, Place>();
  private readonly ended = new NumberSet();
  private readonly byStudent = new Map<string, number>();
  /** Waiting and present numbers. */
  private readonly present: PositionIndex;
  inside = 0;

  /** @param lowest number that there can be */
  constructor(lowest: number) {
    this.present = new PositionIndex(lowest);
  }

  /** Of a number that has not ended. */
  find(number: number): Place | undefined {
    return this.places.get(number);
  }

  stateOf(number: number): TicketState | undefined {
    return this.places.get(number)?.state ?? (this.ended.has(number) ? 'ended' : undefined);
  }

  /** The number that a student holds and that has not ended. */
  heldBy(student: string): number | undefined {
    return this.byStudent.get(student);
  }

  waiting(): number[] {
    return [...this.places].filter(([, { state }]) => state === 'waiting').map(([number]) => number);
  }

  /** A student waits with this number, and is there. */
  add(number: number, student: string): void {
    this.byStudent.set(student, number);
    this.places.set(number, { student, state: 'waiting' });
    this.present.add(number);
  }

  /** The lottery gives a student another number. */
  move(place: Place, entry: number, number: number): void {
    this.places.delete(entry);
    this.places.set(number, place);
    this.byStudent.set(place.student, number);
    if (this.present.remove(entry)) this.present.add(number);
  }

  setPresent(number: number, present: boolean): void {
    if (!this.places.has(number)) return;
    if (present) this.present.add(number);
    else this.present.remove(number);
  }

  isPresent(number: number): boolean {
    return this.present.has(number);
  }

  /** How many are present with lower numbers. */
  presentAhead(number: number): number {
    return this.present.position(number) - 1;
  }

  admit(number: number): void {
    this.inside += 1;
    this.present.remove(number);
    const place = this.places.get(number);
    if (place) place.state = 'admitted';
  }

  end(place: Place, number: number): void {
    if (place.state === 'admitted') this.inside -= 1;
    this.places.delete(number);
    this.ended.add(number);
    if (this.byStudent.get(place.student) === number) this.byStudent.delete(place.student);
    this.present.remove(number);
  }
}
