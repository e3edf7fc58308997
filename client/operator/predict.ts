import type { RoomReport } from '../../src/contract/operate/rooms';

type Line = Pick<RoomReport, 'waiting' | 'inside' | 'capacity' | 'ratePerSecond' | 'leaseMs' | 'opensAt' | 'control'>;

/** What a room does from now on, if nothing else is changed. */
export interface Outlook {
  /** When the last who waits now is let in, ms since the Unix epoch; undefined when nobody can say. */
  lastInAt?: number;
  /** What keeps it from saying: nobody goes in, or everybody inside has to leave first and nobody knows when. */
  because?: 'nobody_waits' | 'stands' | 'full';
  /** It has room for fewer than wait: from then on the line moves as students finish. */
  fillsUp: boolean;
  /** Inside beyond the capacity: nobody is thrown out, and nobody goes in until so many have left. */
  over: number;
}

/** At what pace, from when on. Everybody stays for the whole lease at the worst; how long they really stay is not known. */
export function outlook(
  { waiting, inside, capacity, ratePerSecond, leaseMs, opensAt, control }: Line,
  now: number,
): Outlook {
  const over = Math.max(0, inside - capacity);
  const free = Math.max(0, capacity - inside);
  const fillsUp = waiting > free;
  const stands = control === 'paused' || control === 'closed' || ratePerSecond <= 0 || capacity <= 0;
  if (waiting === 0) return { because: 'nobody_waits', fillsUp, over };
  if (stands) return { because: 'stands', fillsUp, over };
  const from = Math.max(now, opensAt);
  const byRate = (waiting / ratePerSecond) * 1_000;
  if (!fillsUp) return { lastInAt: from + byRate, fillsUp, over };
  // As many as fit leave at the latest when their lease is over: so long a round takes at the worst.
  const rounds = Math.ceil((waiting - free) / capacity);
  return { lastInAt: from + Math.max(byRate, rounds * leaseMs), because: 'full', fillsUp, over };
}
