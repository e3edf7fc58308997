import { drawOrder, Entrant, entrantsHash, seedHash } from '../line/lottery';
import type { LineEvent } from '../line/line-store';

/** The list of a room's lottery as the trail of one epoch has it; students as the events name them. */
export interface ClosedList {
  /** In the order in which they entered. */
  entrants: Entrant[];
  /** First of the numbers that were set aside for them. */
  firstNumber: number;
}

/** Finds whoever waited when the list was closed. */
export class ListReader {
  private readonly waiting = new Map<number, string>();
  /** Whether the list was closed. */
  isClosed = false;
  /** Undefined as long as it was not closed, and when the trail does not fit it. */
  list: ClosedList | undefined;

  /** The next event of an epoch, from its first. @returns whether there is still something to find */
  take(event: LineEvent): boolean {
    if (this.isClosed) return false;
    if (event.type === 'joined') this.waiting.set(event.number, event.studentId);
    else if (event.type === 'admitted' || event.type === 'ended') this.waiting.delete(event.number);
    else if (event.type === 'frozen') this.close(event.entries, event.firstNumber);
    return !this.isClosed;
  }

  private close(entries: number, firstNumber: number): void {
    this.isClosed = true;
    if (this.waiting.size !== entries) return;
    const entrants = [...this.waiting].map(([entry, student]) => ({ entry, student }));
    this.list = { entrants: entrants.sort((a, b) => a.entry - b.entry), firstNumber };
  }
}

/** The number that each entry gets. */
export function drawnNumbers(roomId: string, seed: string, { entrants, firstNumber }: ClosedList): Map<number, number> {
  const entries = entrants.map(({ entry }) => entry);
  return new Map(drawOrder(roomId, seed, entries).map((entry, rank) => [entry, firstNumber + rank]));
}

export interface LotteryReport {
  seed: string;
  seedHash: string;
  entrantsHash: string;
  /** Everybody on the list in the order that the seed gives, with the number that follows from it. */
  order: (Entrant & { number: number })[];
  /** What the trail says otherwise; empty when the draw was right. */
  problems: string[];
}

type DrawnEvent = LineEvent & { type: 'drawn' };

/**
 * Draws a settled lottery again, from its seed and its list, and compares it with what was drawn. It is told one life of
 * the line after another, oldest first, and each event in its order.
 */
export class LotteryRecount {
  private reader = new ListReader();
  private drawn: DrawnEvent[] = [];
  /** Undefined as long as no draw was settled. */
  report: LotteryReport | undefined;

  constructor(
    private readonly roomId: string,
    private readonly seed: string,
  ) {}

  /** The next life of the line. */
  begin(): void {
    this.reader = new ListReader();
    this.drawn = [];
  }

  /** The next event of that life. @returns whether there is still something to find */
  take(event: LineEvent): boolean {
    if (this.report) return false;
    this.reader.take(event);
    if (event.type === 'drawn') this.drawn.push(event);
    if (event.type === 'settled') this.report = this.recompute(event.entrantsHash);
    return this.report === undefined;
  }

  private recompute(publishedHash: string): LotteryReport {
    const { list } = this.reader;
    const { seed } = this;
    const problems: string[] = [];
    if (!list) problems.push('the list does not have as many entrants as it was closed with');
    const entrants = list?.entrants ?? [];
    const numbers = list ? drawnNumbers(this.roomId, seed, list) : new Map<number, number>();
    const hash = entrantsHash(entrants);
    if (hash !== publishedHash) problems.push(`the list has the hash ${hash}, published was ${publishedHash}`);
    const names = new Map(entrants.map(({ entry, student }) => [entry, student]));
    for (const { entry, number, studentId } of this.drawn) {
      if (numbers.get(entry) !== number) problems.push(`entry ${entry} got ${number} instead of ${numbers.get(entry)}`);
      if (names.get(entry) !== studentId) problems.push(`entry ${entry} is not ${studentId}'s`);
    }
    const order = entrants
      .map((entrant) => ({ ...entrant, number: numbers.get(entrant.entry) ?? 0 }))
      .sort((a, b) => a.number - b.number);
    return { seed, seedHash: seedHash(seed), entrantsHash: hash, order, problems };
  }
}
