import { roomStateAt } from '../room/room-state';
import type { LineEvent, LineSettings } from '../line/line-store';
import { PositionIndex } from '../line/position-index';
import { mayEnd, TicketState } from '../line/ticket';
import type { FoldedTicket } from './fold';

/** One promise that the trail shows broken, and where. */
export interface Violation {
  rule:
    | 'gap'
    | 'number_order'
    | 'number_reused'
    | 'two_places'
    | 'illegal_move'
    | 'overtake'
    | 'over_capacity'
    | 'over_rate'
    | 'admitted_while_shut'
    | 'lottery';
  epoch: number;
  sequence: number;
  text: string;
}

/** One life of a line, as the database holds it; students by pseudonym. */
export interface EpochTrail {
  epoch: number;
  firstNumber: number;
  restoredThrough: number;
  /** The room's lottery, if it has one, was settled before. */
  drawn?: boolean;
  checkpoint: FoldedTicket[];
  events: Iterable<LineEvent>;
}

export interface VerifyReport {
  epochs: number;
  events: number;
  joined: number;
  /** Tickets that an epoch took over from the one before. */
  restored: number;
  admitted: number;
  byHand: number;
  ended: number;
  violations: Violation[];
}

/** Longest stretch that one tick may make up for: LINE_LIMITS.stallMs, and one tick more, ms. */
const TICK_SLACK_MS = 2_500;
/** Violations beyond this many are counted by nobody: the first ones say enough. */
const MOST_VIOLATIONS = 1_000;

interface Place {
  student: string;
  state: TicketState;
  present: boolean;
}

/**
 * Proves from the trail alone that a room's line was fair: dense numbers in the order of joining, one place per student,
 * only legal moves, nobody let in past somebody present with a lower number, never more inside than the capacity of the
 * moment, never faster than the rate, never while the room was shut. Admissions by hand are exempt from order, capacity
 * and rate, and counted apart.
 */
export function verifyTrail(epochs: Iterable<EpochTrail>): VerifyReport {
  const report: VerifyReport = {
    epochs: 0,
    events: 0,
    joined: 0,
    restored: 0,
    admitted: 0,
    byHand: 0,
    ended: 0,
    violations: [],
  };
  const issued = new Set<number>();
  for (const epoch of epochs) {
    report.epochs += 1;
    new EpochVerifier(epoch, issued, report).run();
  }
  return report;
}

/** How far the room's lottery, if it has one, has come. */
interface LotteryMoment {
  stage: 'pending' | 'frozen' | 'over';
  /** Entries that were not drawn yet, once the list is closed. */
  entries: Set<number>;
  /** First of the numbers set aside. */
  firstNumber: number;
}

class EpochVerifier {
  private readonly places = new Map<number, Place>();
  private readonly byStudent = new Map<string, number>();
  /** Waiting and present numbers. */
  private readonly present: PositionIndex;
  private readonly rate: RateCheck;
  /** Tickets of the checkpoint that were not put back yet: the first events of an epoch do that. */
  private readonly toRestore = new Map<number, FoldedTicket>();
  /** Expiry of admissions of the checkpoint that were not put back yet, by number. */
  private readonly toReadmit = new Map<number, number>();
  private inside = 0;
  private settings: LineSettings | undefined;
  private lottery: LotteryMoment = { stage: 'pending', entries: new Set(), firstNumber: 0 };
  private nextNumber: number;
  private sequence = 0;

  constructor(
    private readonly epoch: EpochTrail,
    private readonly issued: Set<number>,
    private readonly report: VerifyReport,
  ) {
    this.nextNumber = epoch.firstNumber;
    this.rate = new RateCheck();
    this.present = new PositionIndex(
      epoch.checkpoint.reduce((low, { number }) => Math.min(low, number), epoch.firstNumber),
    );
    if (epoch.drawn) this.lottery.stage = 'over';
    for (const ticket of epoch.checkpoint) this.toRestore.set(ticket.number, ticket);
  }

  run(): void {
    for (const event of this.epoch.events) {
      this.report.events += 1;
      if (event.sequence !== this.sequence + 1) this.broken('gap', event, `after ${this.sequence}`);
      this.sequence = event.sequence;
      this.take(event);
    }
  }

  private take(event: LineEvent): void {
    switch (event.type) {
      case 'settings':
        this.settings = event.settings;
        this.rate.restart(event.at, event.settings.ratePerSecond);
        return;
      case 'opened':
        if (this.settings) this.rate.restart(event.at, this.settings.ratePerSecond);
        return;
      case 'frozen':
        return this.freeze(event);
      case 'drawn':
        return this.draw(event);
      case 'settled':
        return this.settle(event);
      case 'joined':
        return this.join(event);
      case 'away':
      case 'back':
        return this.setPresent(event, event.type === 'back');
      case 'admitted':
        return this.admit(event);
      case 'acknowledged':
        return this.expectState(event, 'admitted');
      case 'ended':
        return this.end(event);
    }
  }

  private join(event: LineEvent & { type: 'joined' }): void {
    const { number, studentId: student } = event;
    const known = this.toRestore.get(number);
    if (known?.student === student) return this.putBack(known);
    this.report.joined += 1;
    const restored = event.ticketEpoch !== this.epoch.epoch;
    if (restored) {
      const lost = number > this.epoch.restoredThrough && number < this.epoch.firstNumber;
      if (!lost) this.broken('number_order', event, `restored ${number} was not lost`);
    } else {
      if (number !== this.nextNumber) this.broken('number_order', event, `${number} instead of ${this.nextNumber}`);
      this.nextNumber = number + 1;
    }
    if (this.issued.has(number)) this.broken('number_reused', event, `number ${number}`);
    this.issued.add(number);
    const held = this.byStudent.get(student);
    if (held !== undefined && this.places.get(held)?.state !== 'ended') {
      this.broken('two_places', event, `${student} holds ${held} already`);
    }
    this.byStudent.set(student, number);
    this.places.set(number, { student, state: 'waiting', present: true });
    this.present.add(number);
  }

  private putBack(ticket: FoldedTicket): void {
    this.report.restored += 1;
    this.toRestore.delete(ticket.number);
    this.issued.add(ticket.number);
    this.byStudent.set(ticket.student, ticket.number);
    this.places.set(ticket.number, { student: ticket.student, state: 'waiting', present: true });
    this.present.add(ticket.number);
    if (ticket.state === 'admitted') this.toReadmit.set(ticket.number, ticket.expiresAt ?? 0);
  }

  /** Whoever waits is on the list, and as many numbers are set aside. */
  private freeze(event: LineEvent & { type: 'frozen' }): void {
    const entries = new Set([...this.places].filter(([, { state }]) => state === 'waiting').map(([number]) => number));
    const expected = this.lottery.stage === 'pending' && this.settings?.lottery;
    if (!expected || event.entries !== entries.size || event.firstNumber !== this.nextNumber) {
      this.broken('lottery', event, `list of ${event.entries} closed, ${entries.size} wait`);
    }
    this.lottery = { stage: 'frozen', entries, firstNumber: event.firstNumber };
    this.nextNumber = event.firstNumber + event.entries;
  }

  private draw(event: LineEvent & { type: 'drawn' }): void {
    const { entry, number, studentId } = event;
    const { stage, entries, firstNumber } = this.lottery;
    const place = this.places.get(entry);
    if (stage !== 'frozen' || !entries.delete(entry) || place?.state !== 'waiting' || place.student !== studentId) {
      return this.broken('illegal_move', event, `${entry} was drawn, which ${studentId} does not hold in the lottery`);
    }
    if (number < firstNumber || number >= this.nextNumber) this.broken('number_order', event, `${number} was drawn`);
    if (this.issued.has(number)) this.broken('number_reused', event, `number ${number}`);
    this.issued.add(number);
    this.places.delete(entry);
    this.places.set(number, place);
    this.byStudent.set(studentId, number);
    if (this.present.remove(entry)) this.present.add(number);
  }

  private settle(event: LineEvent): void {
    const left = [...this.lottery.entries].filter((entry) => this.places.get(entry)?.state === 'waiting');
    if (this.lottery.stage !== 'frozen') this.broken('lottery', event, 'settled without a list');
    if (left.length > 0) this.broken('lottery', event, `${left.length} entrants were not drawn`);
    this.lottery.stage = 'over';
  }

  private setPresent(event: LineEvent & { number: number }, present: boolean): void {
    this.expectState(event, 'waiting');
    const place = this.places.get(event.number);
    if (!place) return;
    place.present = present;
    if (present) this.present.add(event.number);
    else this.present.remove(event.number);
  }

  private admit(event: LineEvent & { type: 'admitted' }): void {
    this.expectState(event, 'waiting');
    const putBack = this.toReadmit.get(event.number) === event.expiresAt;
    this.toReadmit.delete(event.number);
    if (!putBack) this.judgeAdmission(event);
    this.inside += 1;
    this.present.remove(event.number);
    const place = this.places.get(event.number);
    if (place) place.state = 'admitted';
  }

  private judgeAdmission(event: LineEvent & { type: 'admitted' }): void {
    this.report.admitted += 1;
    this.checkOpen(event);
    if (!event.act && this.settings?.lottery && this.lottery.stage !== 'over') {
      this.broken('admitted_while_shut', event, 'before the lottery was drawn');
    }
    if (event.act) this.report.byHand += 1;
    else this.checkPolicy(event);
  }

  private checkPolicy(event: LineEvent & { type: 'admitted' }): void {
    if (!this.present.has(event.number)) this.broken('overtake', event, `${event.number} was let in while away`);
    const ahead = this.present.position(event.number) - 1;
    if (ahead > 0) this.broken('overtake', event, `${event.number} before ${ahead} who were present`);
    if (this.settings && this.inside >= this.settings.capacity) {
      this.broken('over_capacity', event, `${this.inside} inside already, capacity ${this.settings.capacity}`);
    }
    const excess = this.rate.admit(event.at);
    if (excess) this.broken('over_rate', event, excess);
  }

  /** By the schedule and the operator's control; the recovery window after a loss is the store's own to keep. */
  private checkOpen(event: LineEvent & { type: 'admitted' }): void {
    if (!this.settings) return this.broken('admitted_while_shut', event, 'before any settings');
    const state = roomStateAt({ ...this.settings, recoveringUntil: 0 }, event.at);
    const allowed = event.act ? state !== 'closed' : state === 'open' || state === 'draining';
    if (!allowed) this.broken('admitted_while_shut', event, `the room was ${state}`);
  }

  private end(event: LineEvent & { type: 'ended' }): void {
    this.report.ended += 1;
    const place = this.places.get(event.number);
    if (!place || !mayEnd(place.state, event.reason)) {
      return this.broken(
        'illegal_move',
        event,
        `${event.number} ended (${event.reason}) from ${place?.state ?? 'nowhere'}`,
      );
    }
    if (place.student !== event.studentId)
      this.broken('illegal_move', event, `${event.number} is not ${event.studentId}'s`);
    if (place.state === 'admitted') this.inside -= 1;
    place.state = 'ended';
    this.present.remove(event.number);
  }

  private expectState(event: LineEvent & { number: number }, expected: TicketState): void {
    const state = this.places.get(event.number)?.state;
    if (state !== expected)
      this.broken('illegal_move', event, `${event.number} was ${event.type} from ${state ?? 'nowhere'}`);
  }

  private broken(rule: Violation['rule'], event: LineEvent, text: string): void {
    if (this.report.violations.length >= MOST_VIOLATIONS) return;
    this.report.violations.push({ rule, epoch: this.epoch.epoch, sequence: event.sequence, text });
  }
}

/** No stretch of admissions may be faster than the rate, but for what one tick may catch up on, and one token. */
class RateCheck {
  private perMs = 0;
  /** Level of a leaky bucket at `at`: admissions not yet paid for by the rate. */
  private level = 0;
  private at = 0;

  /** From here on another rate counts, with the level as it was. */
  restart(at: number, ratePerSecond: number): void {
    this.drain(at);
    this.perMs = ratePerSecond / 1_000;
  }

  /** Counts one admission; says by how much it is too fast, if it is. */
  admit(at: number): string | undefined {
    this.drain(at);
    this.level += 1;
    const allowed = 1 + this.perMs * TICK_SLACK_MS + 1e-6;
    return this.level > allowed ? `${this.level.toFixed(2)} at once, ${allowed.toFixed(2)} allowed` : undefined;
  }

  private drain(at: number): void {
    this.level = Math.max(0, this.level - (at - this.at) * this.perMs);
    this.at = at;
  }
}
