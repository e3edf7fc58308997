import { Logger } from '@nestjs/common';
import type { Timers } from '../../common/clock';
import { DomainError } from '../../common/domain-error';
import { randomId } from '../../common/ids';
import { errorText, failure } from '../../common/text';
import type { Room } from '../../room/room';
import type { EpochProvider, LineFollower } from '../epoch-provider';
import { isNotNow, lineError } from '../line-error';
import { lineSettings } from '../line-settings';
import type { FeedPage, FeedReport, JoinRequest, LineEvent, LineRef, LineStore } from '../line-store';
import { FeedWatermark } from './feed-watermark';
import { FollowLoop } from './follow-loop';
import { LineReplica } from './line-replica';

/** Least time between two reads of the feed, ms: what happens meanwhile comes in one page. */
const INTERVAL_MS = 80;
/** How long one read of the feed may wait for news, ms. */
const WAIT_MS = 1_000;
/** Events in one read of the feed. */
const PAGE = 2_000;

/** What a pod's end of a line is built on. */
export interface FollowerParts {
  store: LineStore;
  epochs: EpochProvider;
  timers: Timers;
}

/** Whose connection it is. */
export interface ConnectionOwner {
  /** As it is now. */
  readonly room: Room;
  /** The store does not hold the sockets of this pod, or much was missed that may concern them. */
  onSocketsDoubted(): void;
  /** What the store has still to be told of sockets that are gone. @throws DomainError as the store does */
  takeOffGone(): void;
  /** Those in doubt are attached anew; false when the line was full for some. @throws DomainError as the store does */
  reattach(line: LineRef): Promise<boolean>;
  /** In order, after the replica has applied them; after a gap, those that are not in the trail yet come again. */
  onEvents(events: LineEvent[]): void;
  /** Everything up to `durableSequence` is in the trail. */
  onDurable(): void;
  /** The room's state or settings changed, or whether the line can be reached. */
  onState(): void;
}

type Command = (line: LineRef) => Promise<unknown>;

/**
 * This pod's connection to one line in the store: which life of it is current, what is known of it, and the copy that
 * its feed keeps up to date. Starts over by itself when the store was away, lost the line, or fenced this pod, and
 * reports what it has seen when the store was started anew.
 */
export class LineConnection implements LineFollower {
  private readonly logger = new Logger('Line');
  private readonly store: LineStore;
  private readonly watermark = new FeedWatermark();
  /** What the store could not be told of, and what means the same on every life of the line; in order. */
  private readonly pending: Command[] = [];
  /** The name under which the line knows this pod: a new one after each fencing. */
  private incarnation = randomId();
  /** The one that the store knows; what is said of another one is old news. */
  private registered = '';
  private readonly loop: FollowLoop;
  /** Something outside the store speaks against `ref`: the database has to be asked. */
  private doubted = false;
  /** The replica has missed events that the feed does not have any more. */
  private behind = false;
  /** A connection is under way, and has not looked yet for whom it has to take off. */
  private connecting = false;
  /** Nobody has still to be attached anew. */
  private allReattached = true;
  private lastTrouble = '';
  ref: LineRef | undefined;
  replica: LineReplica | undefined;
  durableSequence = 0;
  /** Which pod wrote the trail last. */
  durableBy = '';
  /** False while the store cannot be reached or the line is being brought back. */
  available = false;

  constructor(
    private readonly parts: FollowerParts,
    private readonly owner: ConnectionOwner,
  ) {
    this.store = parts.store;
    this.loop = new FollowLoop(
      {
        connect: () => this.connect(),
        follow: (signal) => this.readFeed(signal),
        onFailed: (error) => this.onFailed(error),
      },
      parts.timers,
    );
  }

  get podId(): string {
    return this.incarnation;
  }

  get trusted(): LineRef | undefined {
    return this.doubted ? undefined : this.ref;
  }

  get isOpen(): boolean {
    return this.loop.isOpen;
  }

  /** It has been connected since it was opened. */
  get wasConnected(): boolean {
    return this.loop.wasConnected;
  }

  report(line: LineRef): FeedReport {
    return this.watermark.report(line, this.podId);
  }

  /** Follows the line from now on, if it does not already. @throws DomainError when the first try to connect fails */
  open(): Promise<void> {
    return this.loop.open();
  }

  /** Follows the line no more, until it is opened again; keeps only what it takes to speak of it. */
  release(): void {
    this.loop.release();
    this.replica?.forgetPlaces();
  }

  /** For good. Resolves once nothing is under way any more. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Looks anew which life of the line is current, and whether the store holds it. */
  startOver(): void {
    this.loop.startOver();
  }

  /** Something else than the store says that this life is over, or that the store is not the one it was. */
  doubt(ref: LineRef, { lost = false } = {}): void {
    if (this.ref !== ref) return;
    if (lost) this.watermark.seeLoss();
    this.doubted = true;
    this.startOver();
  }

  /** A signed ticket was presented to this pod. */
  seeTicket(presented: JoinRequest['presented']): void {
    this.watermark.seeTicket(presented);
  }

  /** An answer of the store says how far the feed goes at least. */
  see(sequence: number): void {
    this.watermark.see(sequence);
  }

  /** How far the feed goes, no more: when more was there before, the line is looked at before anything else is believed. */
  seeWhole(sequence: number): void {
    if (this.watermark.isAbove(sequence)) this.startOver();
    this.watermark.see(sequence);
  }

  /** One atomic call on the store for the current line. @throws DomainError as the store does */
  async call<T>(work: (ref: LineRef) => Promise<T>): Promise<T> {
    if (!this.ref) throw new DomainError('line_recovering', 'The line is being brought back. Your place is kept.');
    const { ref, podId, watermark } = this;
    const { reports } = watermark;
    let answer: T;
    try {
      answer = await work(ref);
    } catch (error) {
      this.noticeTrouble(ref, podId, error);
      throw error;
    }
    if (watermark.reports === reports) return answer;
    const refusal = lineError('line_unavailable');
    // A connection that is under way takes care of it. To begin one more for each would never come to an end: what every
    // connection asks for in the background is answered when the next one has begun.
    if (!this.connecting) this.noticeTrouble(ref, podId, refusal);
    throw refusal;
  }

  /**
   * A call that is made again, on whichever life of the line, when the store cannot be told now.
   *
   * @throws DomainError as the store does, for the first try
   */
  async eventually(work: Command): Promise<void> {
    try {
      await this.call(work);
    } catch (error) {
      if (isNotNow(error)) this.pending.push(work);
      throw error;
    }
  }

  /** What is in the feed and not yet in the trail, at most `limit` events. @throws DomainError as the store does */
  readPending(limit: number): Promise<{ ref: LineRef; events: LineEvent[] }> {
    return this.call(async (ref) => {
      const { durableSequence } = this;
      const page = { limit, waitMs: 0, knownDurable: durableSequence };
      const { events } = await this.store.readFeed(ref, durableSequence, page);
      this.watermark.seeEvents(events);
      return { ref, events };
    });
  }

  /** Says that the trail now holds everything up to `sequence` of this life. @throws DomainError as the store does */
  async markDurable(ref: LineRef, sequence: number): Promise<void> {
    if (this.ref !== ref) throw lineError('line_recovering');
    const { podId } = this;
    await this.call(() => this.store.markDurable(ref, sequence, podId));
    this.noteDurable(sequence, podId);
  }

  /**
   * The store has fenced an incarnation of this pod. It takes another name once for each: a crowd that joins meanwhile is
   * refused, and must not make one more each time.
   */
  comeBackFenced(podId: string): void {
    if (podId !== this.podId || podId !== this.registered) return;
    this.incarnation = randomId();
    const fields = { code: 'pod_fenced', room: this.owner.room.id };
    this.logger.warn(fields, 'This pod was silent for too long, lost its registration, and registers anew');
    this.startOver();
  }

  /** Finds the current line, makes this pod known to it, and brings replica and sockets up to date. */
  private async connect(): Promise<void> {
    this.connecting = true;
    const held = await this.parts.epochs.ensure(this.owner.room, this);
    const ref = held.ref.incarnation === this.ref?.incarnation ? this.ref : this.beginLife(held.ref);
    this.watermark.foundOn(held.server);
    this.doubted = false;
    await this.store.configure(ref, lineSettings(this.owner.room));
    const { podId } = this;
    const registeredAnew = await this.store.register(ref, podId);
    this.registered = podId;
    const missedEvents = !this.replica || this.behind;
    if (missedEvents) await this.catchUp(ref);
    if (registeredAnew || missedEvents) this.owner.onSocketsDoubted();
    this.setAvailable(true);
    this.connecting = false;
    // Nothing waits for it: there may be thousands, and the store comes to them before whatever follows.
    this.owner.takeOffGone();
    await this.sendPending(ref);
    this.allReattached = await this.owner.reattach(ref);
    this.lastTrouble = '';
    this.owner.onState();
    this.owner.onDurable();
  }

  private beginLife(ref: LineRef): LineRef {
    this.ref = ref;
    this.watermark.begin(ref);
    this.replica = undefined;
    this.durableSequence = 0;
    this.durableBy = '';
    return ref;
  }

  /** A new replica; what it skips and the trail does not have yet is told again, for somebody may wait for it. */
  private async catchUp(ref: LineRef): Promise<void> {
    const snapshot = await this.store.snapshot(ref);
    const missed = await this.readBetween(ref, snapshot.durableSequence, snapshot.sequence);
    this.watermark.see(snapshot.sequence);
    this.replica = new LineReplica(snapshot, missed, this.parts.timers);
    this.behind = false;
    this.durableSequence = snapshot.durableSequence;
    if (missed.length > 0) this.owner.onEvents(missed);
  }

  /** Makes up for what the store could not be told. One that fails for good is dropped, and reported. */
  private async sendPending(ref: LineRef): Promise<void> {
    for (let command = this.pending[0]; command; command = this.pending[0]) {
      try {
        await command(ref);
      } catch (error) {
        if (isNotNow(error)) throw error;
        const fields = { code: 'act_given_up', room: this.owner.room.id, err: error };
        this.logger.error(fields, 'What was owed to the line is given up');
      }
      this.pending.shift();
    }
  }

  /** Page after page, until the signal, or until the feed does not reach the replica any more. */
  private async readFeed(signal: AbortSignal): Promise<void> {
    const { ref, replica } = this;
    if (!ref || !replica) return;
    while (!signal.aborted) {
      const options = { limit: PAGE, waitMs: WAIT_MS, knownDurable: this.durableSequence };
      const page = await this.store.readFeed(ref, replica.sequence, options);
      this.behind = page.trimmed;
      if (page.trimmed) return;
      this.take(replica, page);
      if (!this.allReattached) this.allReattached = await this.owner.reattach(ref);
      if (page.events.length < PAGE) await this.parts.timers.sleep(INTERVAL_MS, signal);
    }
  }

  /** Everything after one sequence, up to another. @throws DomainError as the store does, or when it is not all there */
  private async readBetween(ref: LineRef, afterSequence: number, through: number): Promise<LineEvent[]> {
    const events: LineEvent[] = [];
    for (let after = afterSequence; after < through; after = events.at(-1)?.sequence ?? through) {
      const limit = Math.min(PAGE, through - after);
      const page = await this.store.readFeed(ref, after, { limit, waitMs: 0, knownDurable: through });
      if (page.trimmed) throw lineError('line_unavailable');
      events.push(...page.events);
    }
    return events;
  }

  private take(replica: LineReplica, { events, durableSequence, durableBy }: FeedPage): void {
    this.watermark.seeEvents(events);
    if (events.length > 0) {
      const stateChanged = replica.apply(events);
      this.owner.onEvents(events);
      if (stateChanged) this.owner.onState();
    }
    this.noteDurable(durableSequence, durableBy);
  }

  private noteDurable(sequence: number, by: string): void {
    if (sequence <= this.durableSequence) return;
    this.durableSequence = sequence;
    this.durableBy = by;
    this.replica?.markDurable(sequence);
    this.owner.onDurable();
  }

  private noticeTrouble(ref: LineRef, podId: string, error: unknown): void {
    if (!(error instanceof DomainError) || this.ref !== ref) return;
    if (error.code === 'pod_fenced') this.comeBackFenced(podId);
    else if (error.code === 'line_recovering') this.startOver();
    else if (error.code === 'line_unavailable') {
      this.setAvailable(false);
      this.startOver();
    }
  }

  /** Reported once for each kind of trouble in a row. */
  private onFailed(error: unknown): void {
    this.setAvailable(false);
    if (error instanceof DomainError && error.code === 'pod_fenced') this.incarnation = randomId();
    const trouble = errorText(error);
    if (trouble === this.lastTrouble || this.loop.isStopped) return;
    this.lastTrouble = trouble;
    const fields = { code: 'line_retrying', room: this.owner.room.id, ...failure(error) };
    this.logger.warn(fields, 'Trying again until it works');
  }

  private setAvailable(available: boolean): void {
    if (this.available === available || this.loop.isStopped) return;
    this.available = available;
    const room = this.owner.room.id;
    if (available) this.logger.log({ code: 'line_live', room }, 'The line is live');
    else this.logger.warn({ code: 'line_away', room }, 'The line cannot be reached; positions stand still');
    this.owner.onState();
  }
}
