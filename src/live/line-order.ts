import type { Session, SessionPlace } from './session';

/** One place of one socket, under the number by which it is in order. */
interface Entry {
  readonly session: Session;
  readonly place: SessionPlace;
  number: number;
}

const byNumber = (one: Entry, other: Entry): number => one.number - other.number;
const isAlive = ({ session, place }: Entry): boolean => session.places.get(place.roomId) === place;

/**
 * The places of this pod in one line, from its front to its end. Whoever comes is put in order when the next look is
 * taken, and most come at the end: to keep the order costs little, and nothing while nobody comes.
 */
export class LineOrder {
  private entries: Entry[] = [];
  private added: Entry[] = [];

  add(session: Session, place: SessionPlace): void {
    this.added.push({ session, place, number: place.number });
  }

  /** Forgets those that are over, and puts those in their new places whose numbers have changed. */
  tidy(): void {
    this.entries = this.entries.filter((entry) => {
      if (!isAlive(entry)) return false;
      if (entry.number === entry.place.number) return true;
      this.added.push(entry);
      return false;
    });
  }

  /** In order as of now. Those that are over may be among them. */
  inOrder(): readonly Entry[] {
    if (this.added.length === 0) return this.entries;
    const added = this.added.filter(isAlive);
    this.added = [];
    for (const entry of added) entry.number = entry.place.number;
    added.sort(byNumber);
    const isAtEnd = (added[0]?.number ?? Infinity) >= (this.entries.at(-1)?.number ?? -Infinity);
    this.entries = isAtEnd ? [...this.entries, ...added] : merged(this.entries, added);
    return this.entries;
  }
}

function merged(one: readonly Entry[], other: readonly Entry[]): Entry[] {
  const all: Entry[] = [];
  let next = 0;
  for (const entry of one) {
    while (next < other.length && byNumber(other[next] as Entry, entry) < 0) all.push(other[next++] as Entry);
    all.push(entry);
  }
  return [...all, ...other.slice(next)];
}
