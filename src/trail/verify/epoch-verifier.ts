import type { LineEvent, LineSettings } from '../../line/line-store';
import { mayEnd, TicketState } from '../../line/ticket';
import { letsIn, roomStateAt } from '../../room/room-state';
import type { FoldedTicket } from '../fold';
import { LotteryCheck } from './lottery-check';
import { Numbers, Places } from './places';
import { RateCheck } from './rate-check';
import type { NumberSet } from './number-set';
import type { Broken, EpochFacts, VerifyReport } from './report';

/** Violations beyond this many are counted by nobody: the first ones say enough. */
const MOST_VIOLATIONS = 1_000;

/** Goes through one epoch, event by event, and says in the report where a promise was broken. */
export class EpochVerifier {
  private readonly places: Places;
  private readonly numbers: Numbers;
  private readonly lottery: LotteryCheck;
  private readonly rate = new RateCheck();
  /** Tickets of the checkpoint that were not put back yet: the first events of an epoch do that. */
  private readonly toRestore = new Map<number, FoldedTicket>();
  /** Expiry of admissions of the checkpoint that were not put back yet, by number. */
  private readonly toReadmit = new Map<number, number>();
  private settings: LineSettings | undefined;
  private sequence = 0;

  /** @param given numbers of earlier epochs; those of this one are added */
  constructor(
    private readonly epoch: EpochFacts,
    given: NumberSet,
    private readonly report: VerifyReport,
  ) {
    const { checkpoint, firstNumber, drawn = false } = epoch;
    this.places = new Places(checkpoint.reduce((low, { number }) => Math.min(low, number), firstNumber));
    this.numbers = new Numbers(firstNumber, given);
    this.lottery = new LotteryCheck(drawn, this.places, this.numbers, this.broken);
    for (const ticket of checkpoint) this.toRestore.set(ticket.number, ticket);
  }

  /** Judges the next event of the epoch. */
  take(event: LineEvent): void {
    this.report.events += 1;
    if (event.sequence !== this.sequence + 1) this.broken('gap', event, `after ${this.sequence}`);
    this.sequence = event.sequence;
    this.judge(event);
  }

  private judge(event: LineEvent): void {
    switch (event.type) {
      case 'settings':
        this.settings = event.settings;
        this.rate.restart(event.at, event.settings.ratePerSecond);
        return;
      case 'opened':
        if (this.settings) this.rate.restart(event.at, this.settings.ratePerSecond);
        return;
      case 'frozen':
        return this.lottery.freeze(event, this.settings?.lottery === true);
      case 'drawn':
        return this.lottery.draw(event);
      case 'settled':
        return this.lottery.conclude(event);
      case 'joined':
        return this.join(event);
      case 'away':
      case 'back':
        this.expectState(event, 'waiting');
        return this.places.setPresent(event.number, event.type === 'back');
      case 'admitted':
        return this.admit(event);
      case 'acknowledged':
        return this.expectState(event, 'admitted');
      case 'ended':
        return this.end(event);
      case 'unknown':
        this.report.unknown += 1;
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
      const { next } = this.numbers;
      if (number !== next) this.broken('number_order', event, `${number} instead of ${next}`);
      this.numbers.next = number + 1;
    }
    if (!this.numbers.give(number)) this.broken('number_reused', event, `number ${number}`);
    const held = this.places.heldBy(student);
    if (held !== undefined) this.broken('two_places', event, `${student} holds ${held} already`);
    this.places.add(number, student);
  }

  private putBack({ number, student, state, expiresAt }: FoldedTicket): void {
    this.report.restored += 1;
    this.toRestore.delete(number);
    this.numbers.give(number);
    this.places.add(number, student);
    if (state === 'admitted') this.toReadmit.set(number, expiresAt ?? 0);
  }

  private admit(event: LineEvent & { type: 'admitted' }): void {
    this.expectState(event, 'waiting');
    const putBack = this.toReadmit.get(event.number) === event.expiresAt;
    this.toReadmit.delete(event.number);
    if (!putBack) this.judgeAdmission(event);
    this.places.admit(event.number);
  }

  private judgeAdmission(event: LineEvent & { type: 'admitted' }): void {
    this.report.admitted += 1;
    this.checkOpen(event);
    if (!event.act && this.settings?.lottery && !this.lottery.isOver) {
      this.broken('admitted_while_shut', event, 'before the lottery was drawn');
    }
    if (event.act) this.report.byHand += 1;
    else this.checkPolicy(event);
  }

  private checkPolicy(event: LineEvent & { type: 'admitted' }): void {
    const { number } = event;
    if (!this.places.isPresent(number)) this.broken('overtake', event, `${number} was let in while away`);
    const ahead = this.places.presentAhead(number);
    if (ahead > 0) this.broken('overtake', event, `${number} before ${ahead} who were present`);
    const { inside } = this.places;
    if (this.settings && inside >= this.settings.capacity) {
      this.broken('over_capacity', event, `${inside} inside already, capacity ${this.settings.capacity}`);
    }
    const excess = this.rate.admit(event.at);
    if (excess) this.broken('over_rate', event, excess);
  }

  /** By the schedule and the operator's control; the recovery window after a loss is the store's own to keep. */
  private checkOpen(event: LineEvent & { type: 'admitted' }): void {
    if (!this.settings) return this.broken('admitted_while_shut', event, 'before any settings');
    const room = { ...this.settings, recoveringUntil: 0 };
    const state = roomStateAt(room, event.at);
    const allowed = event.act ? state !== 'closed' : letsIn(room, event.at);
    if (!allowed) this.broken('admitted_while_shut', event, `the room was ${state}`);
  }

  private end(event: LineEvent & { type: 'ended' }): void {
    this.report.ended += 1;
    const { number, reason, studentId } = event;
    const place = this.places.find(number);
    if (!place || !mayEnd(place.state, reason)) {
      const from = this.places.stateOf(number) ?? 'nowhere';
      return this.broken('illegal_move', event, `${number} ended (${reason}) from ${from}`);
    }
    if (place.student !== studentId) this.broken('illegal_move', event, `${number} is not ${studentId}'s`);
    this.places.end(place, number);
  }

  private expectState(event: LineEvent & { number: number }, expected: TicketState): void {
    const { number, type } = event;
    const state = this.places.stateOf(number);
    if (state !== expected) this.broken('illegal_move', event, `${number} was ${type} from ${state ?? 'nowhere'}`);
  }

  private readonly broken: Broken = (rule, event, text) => {
    if (this.report.violations.length >= MOST_VIOLATIONS) return;
    this.report.violations.push({ rule, epoch: this.epoch.epoch, sequence: event.sequence, text });
  };
}
