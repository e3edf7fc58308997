import type { LineAdmittedMessage, LineTicketMessage } from '../../src/contract/line';

/**
 * A tab asked for its place (at a join, a reconnect, a reload), or a position was shown in it, as the service told it, or
 * where the page had moved it on to by itself; in the order of things.
 */
export type Sight = { kind: 'asked'; tab: number } | { kind: 'shown' | 'moved'; tab: number; position: number };

/** From the moment a socket was told its place until it was let go, or was last heard of before it was lost. */
export interface Presence {
  from: number;
  /** Infinity while it lasts. */
  to: number;
}

export interface SeenAdmission {
  number: number;
  /** End of the lease: the moment of the admission by the line's own clock, plus the lease. */
  expiresAt: number;
  /** When it was told, by the service. */
  serverTime: number;
}

export type Ending = { kind: 'finished' } | { kind: 'lost'; reason: string };

/** What one student was told of the line. Times are ms since the Unix epoch. */
export interface LineNotes {
  /** Every ticket number told to any tab; one told again is left out. */
  readonly numbers: number[];
  readonly sights: Sight[];
  /** One for each socket that was told its place. */
  readonly presence: Presence[];
  readonly admissions: SeenAdmission[];
  ending?: Ending;
}

/** A tab, as far as the notes are concerned. */
interface Numbered {
  readonly index: number;
}

/** Writes down what the tabs of one student are told of the place in line. */
export class Place {
  /** The signed one, told last. */
  ticket?: string;
  /** Highest feed sequence told. */
  sequence = 0;

  constructor(private readonly notes: LineNotes) {}

  /** A tab asks for it. */
  ask(tab: Numbered): void {
    this.notes.sights.push({ kind: 'asked', tab: tab.index });
  }

  takeTicket(tab: Numbered, message: LineTicketMessage): void {
    this.ticket = message.ticket;
    this.see(message);
    if (!isEntry(message)) this.noteNumber(message.number);
    // A position that could still rise is withheld, and not shown.
    if (message.position > 0 || message.state === 'admitted') this.show(tab, message);
  }

  show(tab: Numbered, { position, sequence }: { position: number; sequence: number }): void {
    this.notes.sights.push({ kind: 'shown', tab: tab.index, position });
    this.see({ sequence });
  }

  /** The page's own number stands there now. */
  move(tab: Numbered, position: number): void {
    this.notes.sights.push({ kind: 'moved', tab: tab.index, position });
  }

  showAdmission(tab: Numbered, { number, expiresAt, serverTime, sequence }: LineAdmittedMessage): void {
    this.see({ sequence });
    this.noteNumber(number);
    this.notes.admissions.push({ number, expiresAt, serverTime });
    this.notes.sights.push({ kind: 'shown', tab: tab.index, position: 0 });
  }

  private see({ sequence = 0 }: { sequence?: number }): void {
    this.sequence = Math.max(this.sequence, sequence);
  }

  private noteNumber(number: number): void {
    if (!this.notes.numbers.includes(number)) this.notes.numbers.push(number);
  }
}

/** Whether the number is that of an entry to a lottery, which the draw replaces by the place's own. */
function isEntry({ state, room: { lottery } }: LineTicketMessage): boolean {
  return state === 'waiting' && lottery !== undefined && lottery.seed === undefined;
}
