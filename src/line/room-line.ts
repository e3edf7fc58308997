import { Logger } from '@nestjs/common';
import { sleep } from '../common/clock';
import { DomainError } from '../common/domain-error';
import { randomId } from '../common/ids';
import { errorText } from '../common/text';
import type { Room } from '../room/room';
import type { LineKeeper } from './line-keeper';
import { LineReplica } from './line-replica';
import { lineSettings } from './line-settings';
import type { JoinOutcome, JoinRequest, LineEvent, LineRef, LineStore, SocketRef, TickOutcome } from './line-store';
import type { Ticket } from './ticket';

/** Least time between two reads of the feed, ms: what happens meanwhile comes in one page. */
const FEED_INTERVAL_MS = 40;
/** How long one read of the feed may wait for news, ms. */
const FEED_WAIT_MS = 1_000;
const FEED_PAGE = 2_000;
/** Pause before a line that could not be reached is tried again, ms. */
const RETRY_MS = 500;
/** Students put back at once after a pod lost its registration. */
const REATTACH_BATCH = 500;

/** What a pod tells its upper floors about one line. Handlers must not throw. */
export interface LineListener {
  /** In order, after the replica has applied them. */
  onEvents?(line: RoomLine, events: LineEvent[]): void;
  /** Everything up to `line.durableSequence` is in the trail. */
  onDurable?(line: RoomLine): void;
  /** State, settings or reachability changed. */
  onState?(line: RoomLine): void;
  /** A socket of this pod was attached anew, after events may have been missed. */
  onReattached?(line: RoomLine, socketId: string, studentId: string, outcome: JoinOutcome): void;
}

interface AttachedSocket {
  studentId: string;
  presented?: JoinRequest['presented'];
}

/**
 * This pod's end of one room's line: which life of it is current, the replica, the sockets it has attached, and the
 * loop that follows the feed. Starts over by itself when the store was away, lost the line, or fenced this pod.
 */
export class RoomLine {
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private readonly attached = new Map<string, AttachedSocket>();
  /** Sockets that went while the store could not be told. */
  private lostSockets: { studentId: string; socket: SocketRef }[] = [];
  private podId = randomId();
  private restart = new AbortController();
  private running: Promise<void> | undefined;
  ref: LineRef | undefined;
  replica: LineReplica | undefined;
  durableSequence = 0;
  /** Which pod wrote the trail last, and whether that was this one. */
  durableBy = '';
  /** The last tick's counts. */
  counts = { waiting: 0, present: 0, inside: 0 };
  /** False while the store cannot be reached or the line is being brought back. */
  available = false;

  constructor(
    public room: Room,
    private readonly store: LineStore,
    private readonly keeper: LineKeeper,
    private readonly listeners: ReadonlySet<LineListener>,
  ) {
    this.logger = new Logger(`Line ${room.id}`);
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.restart.abort();
    await this.running;
  }

  isWriter(): boolean {
    return this.durableBy === this.podId;
  }

  /** Takes a newer version of the room to the store, and so to every pod. */
  async configure(room: Room): Promise<void> {
    this.room = room;
    if (this.ref) await this.call((ref) => this.store.configure(ref, lineSettings(room)));
    this.tell((listener) => listener.onState?.(this));
  }

  async join(
    studentId: string,
    socketId: string,
    options: Pick<JoinRequest, 'create' | 'presented'>,
  ): Promise<JoinOutcome> {
    const outcome = await this.call((ref) =>
      this.store.join(ref, { studentId, socket: { podId: this.podId, socketId }, ...options }),
    );
    if (outcome.outcome !== 'gone' && outcome.ticket) this.remember(socketId, outcome.ticket);
    return outcome;
  }

  /** A socket is gone. While the store cannot be told, it is remembered, and told as soon as the line is back. */
  async detach(studentId: string, socketId: string): Promise<void> {
    if (!this.attached.delete(socketId)) return;
    const socket = { podId: this.podId, socketId };
    try {
      await this.call((ref) => this.store.detach(ref, studentId, socket));
    } catch (error) {
      this.lostSockets.push({ studentId, socket });
      throw error;
    }
  }

  /** The socket's ticket has ended; it is not put back after a restart of the line. */
  forget(socketId: string): void {
    this.attached.delete(socketId);
  }

  /** One atomic call on the store for the current line. @throws DomainError as the store does */
  async call<T>(work: (ref: LineRef) => Promise<T>): Promise<T> {
    if (!this.ref) throw new DomainError('line_recovering', 'The line is being brought back. Your place is kept.');
    const { ref } = this;
    try {
      return await work(ref);
    } catch (error) {
      this.noticeTrouble(ref, error);
      throw error;
    }
  }

  /** Lets time pass in the store: heartbeat, deadlines, admissions. Undefined while the line is away. */
  async tick(): Promise<TickOutcome | undefined> {
    if (!this.ref || !this.replica || !this.available) return undefined;
    const outcome = await this.call((ref) => this.store.tick(ref, this.podId));
    const { replica } = this;
    replica.setClock(outcome.now);
    this.counts = { waiting: outcome.waiting, present: outcome.present, inside: outcome.inside };
    if (replica.state !== outcome.state) {
      replica.state = outcome.state;
      this.tell((listener) => listener.onState?.(this));
    }
    if (outcome.fenced) this.comeBackFenced();
    for (const podId of outcome.deadPods) await this.fence(podId);
    return outcome;
  }

  /** Says that the trail now holds everything up to `sequence`. */
  async markDurable(sequence: number): Promise<void> {
    const { podId } = this;
    await this.call((ref) => this.store.markDurable(ref, sequence, podId));
    this.noteDurable(sequence, podId);
  }

  private noteDurable(sequence: number, by: string): void {
    if (sequence <= this.durableSequence) return;
    this.durableSequence = sequence;
    this.durableBy = by;
    this.tell((listener) => listener.onDurable?.(this));
  }

  private async fence(podId: string): Promise<void> {
    this.logger.warn('A pod is silent; its students are on grace until they come back.');
    while (await this.call((ref) => this.store.fencePod(ref, podId))) {
      // until nobody is left on it
    }
  }

  private comeBackFenced(): void {
    this.logger.warn('This pod was silent for too long and lost its registration; registering anew.');
    this.podId = randomId();
    this.restart.abort();
  }

  private remember(socketId: string, ticket: Ticket): void {
    const { epoch, number, joinedAt } = ticket;
    this.attached.set(socketId, { studentId: ticket.studentId, presented: { epoch, number, joinedAt } });
  }

  private noticeTrouble(ref: LineRef, error: unknown): void {
    if (!(error instanceof DomainError) || this.ref !== ref) return;
    if (error.code === 'pod_fenced') this.comeBackFenced();
    else if (error.code === 'line_recovering') this.restart.abort();
    else if (error.code === 'line_unavailable') this.setAvailable(false);
  }

  private setAvailable(available: boolean): void {
    if (this.available === available) return;
    this.available = available;
    if (available) this.logger.log('The line is live.');
    else this.logger.warn('The line cannot be reached; positions stand still.');
    this.tell((listener) => listener.onState?.(this));
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.restart = new AbortController();
      try {
        await this.connect();
        await this.followFeed();
      } catch (error) {
        this.setAvailable(false);
        if (!this.stopping.signal.aborted) this.logger.warn(`Trying again soon: ${errorText(error)}`);
        await sleep(RETRY_MS * (0.5 + Math.random()), this.stopping.signal);
      }
    }
  }

  /** Finds the current line, makes this pod known to it, and brings replica and sockets up to date. */
  private async connect(): Promise<void> {
    const ref = await this.keeper.ensure(this.room);
    this.ref = ref;
    await this.store.configure(ref, lineSettings(this.room));
    await this.store.register(ref, this.podId);
    const snapshot = await this.store.snapshot(ref);
    this.replica = new LineReplica(snapshot);
    this.durableSequence = snapshot.durableSequence;
    this.setAvailable(true);
    await this.detachLost(ref);
    await this.reattach(ref);
    this.tell((listener) => listener.onState?.(this));
    this.tell((listener) => listener.onDurable?.(this));
  }

  private async detachLost(ref: LineRef): Promise<void> {
    for (let next = this.lostSockets[0]; next; next = this.lostSockets[0]) {
      await this.store.detach(ref, next.studentId, next.socket);
      this.lostSockets.shift();
    }
  }

  private async reattach(ref: LineRef): Promise<void> {
    const sockets = [...this.attached];
    for (let start = 0; start < sockets.length; start += REATTACH_BATCH) {
      const batch = sockets.slice(start, start + REATTACH_BATCH);
      await Promise.all(batch.map(([socketId, socket]) => this.reattachOne(ref, socketId, socket)));
    }
  }

  private async reattachOne(ref: LineRef, socketId: string, { studentId, presented }: AttachedSocket): Promise<void> {
    if (!this.attached.has(socketId)) return;
    const socket = { podId: this.podId, socketId };
    const outcome = await this.store.join(ref, { studentId, socket, create: false, presented });
    if (!this.attached.has(socketId)) return this.store.detach(ref, studentId, socket);
    if (outcome.outcome === 'gone') this.attached.delete(socketId);
    this.tell((listener) => listener.onReattached?.(this, socketId, studentId, outcome));
  }

  private async followFeed(): Promise<void> {
    const { ref, replica } = this;
    if (!ref || !replica) return;
    while (!this.stopping.signal.aborted && !this.restart.signal.aborted) {
      const page = await this.store.readFeed(ref, replica.sequence, {
        limit: FEED_PAGE,
        waitMs: FEED_WAIT_MS,
        knownDurable: this.durableSequence,
      });
      if (page.trimmed) return;
      this.setAvailable(true);
      this.take(replica, page.events);
      this.noteDurable(page.durableSequence, page.durableBy);
      if (page.events.length < FEED_PAGE) await sleep(FEED_INTERVAL_MS, this.restart.signal);
    }
  }

  private take(replica: LineReplica, events: LineEvent[]): void {
    if (events.length === 0) return;
    const stateChanged = replica.apply(events);
    this.tell((listener) => listener.onEvents?.(this, events));
    if (stateChanged) this.tell((listener) => listener.onState?.(this));
  }

  private tell(say: (listener: LineListener) => void): void {
    for (const listener of this.listeners) say(listener);
  }
}
