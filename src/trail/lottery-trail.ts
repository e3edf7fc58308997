import { drawOrder, Entrant, entrantsHash, seedHash } from '../line/lottery';
import type { LineEvent } from '../line/line-store';

/** The list of a room's lottery as the trail of one epoch has it; students as the events name them. */
export interface ClosedList {
  /** In the order in which they entered. */
  entrants: Entrant[];
  /** First of the numbers that were set aside for them. */
  firstNumber: number;
}

/**
 * Whoever waited when the list was closed; undefined when it was not, or when the trail does not fit it.
 *
 * @param events of one epoch, from its first
 */
export function closedList(events: Iterable<LineEvent>): ClosedList | undefined {
  const waiting = new Map<number, string>();
  for (const event of events) {
    if (event.type === 'joined') waiting.set(event.number, event.studentId);
    else if (event.type === 'admitted' || event.type === 'ended') waiting.delete(event.number);
    else if (event.type === 'frozen') {
      if (waiting.size !== event.entries) return undefined;
      const entrants = [...waiting].map(([entry, student]) => ({ entry, student })).sort((a, b) => a.entry - b.entry);
      return { entrants, firstNumber: event.firstNumber };
    }
  }
  return undefined;
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

/**
 * Draws a settled lottery again, from its seed and its list, and compares it with what was drawn.
 *
 * @param epochs events of each life of the line, oldest first
 * @returns undefined as long as no draw was settled
 */
export function recomputeLottery(
  roomId: string,
  seed: string,
  epochs: Iterable<Iterable<LineEvent>>,
): LotteryReport | undefined {
  for (const epoch of epochs) {
    const events = [...epoch];
    const settled = events.find((event) => event.type === 'settled');
    if (settled) return recompute(roomId, seed, events, settled.entrantsHash);
  }
  return undefined;
}

function recompute(roomId: string, seed: string, events: LineEvent[], publishedHash: string): LotteryReport {
  const list = closedList(events);
  const problems: string[] = [];
  if (!list) problems.push('the list does not have as many entrants as it was closed with');
  const entrants = list?.entrants ?? [];
  const numbers = list ? drawnNumbers(roomId, seed, list) : new Map<number, number>();
  const hash = entrantsHash(entrants);
  if (hash !== publishedHash) problems.push(`the list has the hash ${hash}, published was ${publishedHash}`);
  const names = new Map(entrants.map(({ entry, student }) => [entry, student]));
  for (const event of events) {
    if (event.type !== 'drawn') continue;
    const { entry, number, studentId } = event;
    if (numbers.get(entry) !== number) problems.push(`entry ${entry} got ${number} instead of ${numbers.get(entry)}`);
    if (names.get(entry) !== studentId) problems.push(`entry ${entry} is not ${studentId}'s`);
  }
  const order = entrants
    .map((entrant) => ({ ...entrant, number: numbers.get(entrant.entry) ?? 0 }))
    .sort((a, b) => a.number - b.number);
  return { seed, seedHash: seedHash(seed), entrantsHash: hash, order, problems };
}
