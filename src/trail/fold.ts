import type { LineEvent } from '../line/line-store';

/** A live ticket, as checkpoint and trail know it; the student by pseudonym. */
export interface FoldedTicket {
  student: string;
  number: number;
  ticketEpoch: number;
  joinedAt: number;
  state: 'waiting' | 'admitted';
  expiresAt: number | null;
  acknowledged: boolean;
}

/** What is left of a line after a stretch of its trail. */
export interface FoldedLine {
  tickets: Map<number, FoldedTicket>;
  /** Those that have ended, as they were before: their numbers are spent. Nobody asks for them once the room has opened. */
  spent: Map<number, FoldedTicket>;
  /** Whether the room opened in this stretch, and so was not being recovered any more. */
  opened: boolean;
  /** Highest ticket number seen, of any state; 0 for none. */
  highestNumber: number;
  /** Of the last event that was taken in; 0 for none. */
  sequence: number;
  /** While a lottery is being drawn: the entry of every number that it has given. */
  entries: Map<number, number>;
  /** A lottery was settled. */
  drawn: boolean;
}

export function emptyLine(): FoldedLine {
  return {
    tickets: new Map(),
    spent: new Map(),
    opened: false,
    highestNumber: 0,
    sequence: 0,
    entries: new Map(),
    drawn: false,
  };
}

/** Events that change nothing of what is folded: most of a long trail. */
export const NOT_FOLDED: readonly LineEvent['type'][] = ['away', 'back'];

/** Applies the next event of an epoch to the line, in place. */
export function foldEvent(line: FoldedLine, epoch: number, event: LineEvent): void {
  line.sequence = event.sequence;
  // A lottery's list is not closed while a line is being recovered either.
  if (!line.opened && (event.type === 'opened' || event.type === 'frozen')) {
    line.opened = true;
    line.spent.clear();
  }
  if (event.type === 'settled') {
    line.entries.clear();
    line.drawn = true;
  }
  if (!('number' in event)) return;
  line.highestNumber = Math.max(line.highestNumber, event.number);
  const ticket = line.tickets.get(event.number);
  switch (event.type) {
    case 'joined':
      // The first events of an epoch repeat its checkpoint, which knows more of the ticket than they do.
      if (!ticket)
        line.tickets.set(event.number, {
          student: event.studentId,
          number: event.number,
          ticketEpoch: event.ticketEpoch ?? epoch,
          joinedAt: event.at,
          state: 'waiting',
          expiresAt: null,
          acknowledged: false,
        });
      break;
    case 'admitted':
      if (ticket) Object.assign(ticket, { state: 'admitted', expiresAt: event.expiresAt });
      break;
    case 'acknowledged':
      if (ticket) ticket.acknowledged = true;
      break;
    case 'ended':
      line.tickets.delete(event.number);
      if (ticket && !line.opened) line.spent.set(event.number, ticket);
      break;
    case 'drawn':
      redraw(line, event.entry, event.number);
      break;
    case 'away':
    case 'back':
      break;
  }
}

function redraw(line: FoldedLine, entry: number, number: number): void {
  const ticket = line.tickets.get(entry);
  if (!ticket) return;
  line.tickets.delete(entry);
  line.tickets.set(number, { ...ticket, number });
  line.entries.set(number, entry);
}

/**
 * Those who live, as another epoch takes them over: of a draw that was never settled no waiting student was told, so it is
 * undone for them.
 */
export function ticketsToKeep(line: FoldedLine): FoldedTicket[] {
  return [...line.tickets.values()].map((ticket) => {
    const entry = ticket.state === 'waiting' ? line.entries.get(ticket.number) : undefined;
    return entry === undefined ? ticket : { ...ticket, number: entry };
  });
}
