import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { DomainError } from '../../common/domain-error';
import { forEach } from '../../common/topic';
import { errorText } from '../../common/text';
import type { Room } from '../../room/room';
import { AttachedSocket, AttachedSockets } from './attached-sockets';
import { FeedFollower } from './feed-follower';
import { lineError } from '../line-error';
import type { LineKeeper, LinePod } from '../line-keeper';
import { LineLoop } from './line-loop';
import { LineReplica } from './line-replica';
import { lineSettings } from '../line-settings';
import { isNotNow, OwedActs } from './owed-acts';
import { PodIncarnation } from './pod-incarnation';
import { PodWitness } from './pod-witness';
import { TickPace } from './tick-pace';
import type {
  FeedPage,
  JoinOutcome,
  JoinRequest,
  LineEvent,
  LineRef,
  LineStore,
  LineWitness,
  TickOutcome,
} from '../line-store';

/** What a pod tells its upper floors about one line. A handler that throws is logged, and the others are still called. */
export interface LineListener {
  /** In order, after the replica has applied them; after a gap, those that are not in the trail yet come again. */
  onEvents?(line: RoomLine, events: LineEvent[]): void;
  /** Everything up to `line.durableSequence` is in the trail. */
  onDurable?(line: RoomLine): void;
  /** State, settings or reachability changed. */
  onState?(line: RoomLine): void;
  /** The lottery's list is closed, and nobody has drawn all of it yet. Comes with every tick until it is done. */
  onDrawDue?(line: RoomLine): void;
  /** A socket of this pod was attached anew, after events may have been missed. */
  onReattached?(line: RoomLine, socketId: string, studentId: string, outcome: JoinOutcome): void;
}

/**
 * This pod's end of one room's line: which life of it is current, the replica, the sockets it has attached, and the
 * loop that follows the feed. Starts over by itself when the store was away, lost the line, or fenced this pod, and
 * bears witness to what it has seen when the store was started anew.
 */
export class RoomLine implements LinePod {
  private readonly logger: Logger;
  private readonly sockets = new AttachedSockets();
  private readonly owed = new OwedActs();
  private readonly witness = new PodWitness();
  private readonly pace = new TickPace();
  private readonly pod = new PodIncarnation();
  private readonly feed: FeedFollower;
  private readonly loop: LineLoop;
  /** Something outside the store speaks against `ref`: the database has to be asked. */
  private doubted = false;
  /** Aborted when the room has ended: then nothing happens in it until it is changed. */
  private over = new AbortController();
  /** The replica has missed events that the feed does not have any more. */
  private behind = false;
  private lastTrouble = '';
  ref: LineRef | undefined;
  replica: LineReplica | undefined;
  durableSequence = 0;
  /** Which pod wrote the trail last, and whether that was this one. */
  durableBy = '';
  /** What this pod has done for the line since its start. */
  readonly figures = { joined: 0, admitted: 0 };
  /** The last tick's counts. */
  counts = { waiting: 0, present: 0, inside: 0 };
  /** Nobody's place ends for being away, for now. */
  graceStands = false;
  /** False while the store cannot be reached or the line is being brought back. */
  available = false;

  constructor(
    public room: Room,
    private readonly store: LineStore,
    private readonly keeper: LineKeeper,
    private readonly listeners: ReadonlySet<LineListener>,
  ) {
    this.logger = new Logger(`Line ${room.id}`);
    this.feed = new FeedFollower(store);
    this.loop = new LineLoop(
      (signal) => this.connectAndFollow(signal),
      (error) => this.onFailed(error),
    );
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  isWriter(): boolean {
    return this.durableBy === this.pod.id;
  }

  get trusted(): LineRef | undefined {
    return this.doubted ? undefined : this.ref;
  }

  /**
   * The room is closed, every ticket has ended, and the trail has it all. Its line is neither ticked nor followed any more,
   * until somebody changes the room; the store lets it go by itself after some days.
   */
  get hasEnded(): boolean {
    return this.over.signal.aborted;
  }

  testify(line: LineRef): LineWitness {
    return this.witness.testify(line, this.pod.id);
  }

  /** Something else than the store says that this life is over, or that the store is not the one it was. */
  doubt(ref: LineRef, { lost = false } = {}): void {
    if (this.ref !== ref) return;
    if (lost) this.witness.seeLoss();
    this.doubted = true;
    this.loop.startOver();
  }

  /** Takes a newer version of the room to the store, and so to every pod. */
  async configure(room: Room): Promise<void> {
    this.room = room;
    if (this.hasEnded) {
      this.over = new AbortController();
      this.loop.startOver();
    }
    if (this.ref) await this.call((ref) => this.store.configure(ref, lineSettings(room)));
    this.tell((listener) => listener.onState?.(this));
  }

  /**
   * Attaches a socket to the student's ticket. `noteTold` must follow once the student knows the place, or `release`.
   *
   * @throws DomainError `not_in_line` when the socket has gone meanwhile, and as the store does
   */
  async join(
    studentId: string,
    socketId: string,
    options: Pick<JoinRequest, 'create' | 'presented'>,
  ): Promise<JoinOutcome> {
    const socket = { podId: this.pod.id, socketId };
    this.witness.seeTicket(options.presented);
    try {
      const { answer: outcome, gone } = await this.sockets.join(socketId, () =>
        this.call((ref) => this.store.join(ref, { studentId, socket, ...options })),
      );
      this.witness.see(outcome.sequence);
      if (outcome.outcome === 'joined') this.figures.joined += 1;
      if (outcome.outcome !== 'gone' && outcome.ticket) this.sockets.remember(socketId, outcome.ticket);
      if (!gone) return outcome;
    } catch (error) {
      const mayHaveHappened = error instanceof DomainError && error.code === 'line_unavailable';
      if (mayHaveHappened && !this.sockets.has(socketId)) this.sockets.doubt(studentId, socket);
      throw error;
    }
    await this.detach(studentId, socketId);
    throw new DomainError('not_in_line', 'The connection was lost before the place was taken.');
  }

  /** Whether the socket is attached, as far as this pod knows. */
  holds(socketId: string): boolean {
    return this.sockets.has(socketId);
  }

  /** The student knows the place by this socket. */
  noteTold(socketId: string): void {
    this.sockets.noteTold(socketId);
  }

  /** A join came to nothing after all: unless another one has told the student of the place, the socket is let go. */
  async release(studentId: string, socketId: string): Promise<void> {
    if (!this.sockets.isTold(socketId)) await this.detach(studentId, socketId);
  }

  /** A socket is gone. While the store cannot be told, it is remembered, and told as soon as the line is back. */
  async detach(studentId: string, socketId: string): Promise<void> {
    if (!this.sockets.leave(socketId)) return;
    const socket = { podId: this.pod.id, socketId };
    try {
      await this.call((ref) => this.store.detach(ref, studentId, socket));
    } catch (error) {
      this.sockets.doubt(studentId, socket);
      throw error;
    }
  }

  /** The socket's ticket has ended; it is not put back after a restart of the line. */
  forget(socketId: string): void {
    this.sockets.forget(socketId);
  }

  /** One atomic call on the store for the current line. @throws DomainError as the store does */
  async call<T>(work: (ref: LineRef) => Promise<T>): Promise<T> {
    if (!this.ref) throw new DomainError('line_recovering', 'The line is being brought back. Your place is kept.');
    const { ref, witness } = this;
    const podId = this.pod.id;
    const { testimonies } = witness;
    try {
      const answer = await work(ref);
      if (witness.testimonies !== testimonies) throw lineError('line_unavailable');
      return answer;
    } catch (error) {
      this.noticeTrouble(ref, podId, error);
      throw error;
    }
  }

  /**
   * A call that is made again, on whichever life of the line, when the store cannot be told now.
   *
   * @throws DomainError as the store does, for the first try
   */
  async eventually(work: (ref: LineRef) => Promise<unknown>): Promise<void> {
    try {
      await this.call(work);
    } catch (error) {
      if (isNotNow(error)) this.owed.add(work);
      throw error;
    }
  }

  /**
   * Lets time pass in the store: heartbeat, deadlines, admissions. Undefined while the line is away, or nothing can be
   * due yet.
   */
  async tick(share = 1): Promise<TickOutcome | undefined> {
    if (!this.replica || !this.available || this.hasEnded || !this.pace.isDue(performance.now(), this.replica))
      return undefined;
    const podId = this.pod.id;
    const outcome = await this.call((ref) => this.store.tick(ref, podId, share));
    this.figures.admitted += outcome.admitted;
    // Less than was there before: the line has to be looked at before anything else is believed.
    if (this.witness.hasSeenMoreThan(outcome.sequence)) this.loop.startOver();
    this.witness.see(outcome.sequence);
    this.pace.made(performance.now(), outcome, this.room);
    const { replica } = this;
    replica.setClock(outcome.now);
    this.counts = { waiting: outcome.waiting, present: outcome.present, inside: outcome.inside };
    if (replica.state !== outcome.state || this.graceStands !== outcome.graceStands) {
      this.graceStands = outcome.graceStands;
      replica.enter(outcome.state, outcome.now, outcome.sequence);
      this.tell((listener) => listener.onState?.(this));
    }
    if (outcome.drawDue) this.tell((listener) => listener.onDrawDue?.(this));
    if (outcome.fenced) this.comeBackFenced(podId);
    for (const podId of outcome.deadPods) await this.fence(podId);
    if (this.nothingIsLeft(replica, outcome)) this.over.abort();
    return outcome;
  }

  /** Judged by the room as it is now: a tick that was under way when it was opened again says nothing of it. */
  private nothingIsLeft(replica: LineReplica, { state, waiting, inside, sequence }: TickOutcome): boolean {
    const isClosed = state === 'closed' && this.room.control === 'closed';
    const knows = replica.sequence === sequence && replica.settingsVersion >= this.room.version;
    return isClosed && waiting + inside === 0 && knows && this.durableSequence === sequence;
  }

  /** What is in the feed and not yet in the trail, at most `limit` events. @throws DomainError as the store does */
  async readPending(limit: number): Promise<{ ref: LineRef; events: LineEvent[] }> {
    return this.call(async (ref) => {
      const { events } = await this.store.readFeed(ref, this.durableSequence, {
        limit,
        waitMs: 0,
        knownDurable: this.durableSequence,
      });
      this.witness.seeEvents(events);
      return { ref, events };
    });
  }

  /** Says that the trail now holds everything up to `sequence` of this life. */
  async markDurable(ref: LineRef, sequence: number): Promise<void> {
    if (this.ref !== ref) throw lineError('line_recovering');
    const podId = this.pod.id;
    await this.call(() => this.store.markDurable(ref, sequence, podId));
    this.noteDurable(sequence, podId);
  }

  private noteDurable(sequence: number, by: string): void {
    if (sequence <= this.durableSequence) return;
    this.durableSequence = sequence;
    this.durableBy = by;
    this.replica?.settle(sequence);
    this.tell((listener) => listener.onDurable?.(this));
  }

  private async fence(podId: string): Promise<void> {
    this.logger.warn('A pod is silent; its students are on grace until they come back.');
    while (await this.call((ref) => this.store.fencePod(ref, podId))) {
      // until nobody is left on it
    }
  }

  private comeBackFenced(podId: string): void {
    if (!this.pod.replaceFenced(podId)) return;
    this.logger.warn('This pod was silent for too long and lost its registration; registering anew.');
    this.loop.startOver();
  }

  private noticeTrouble(ref: LineRef, podId: string, error: unknown): void {
    if (!(error instanceof DomainError) || this.ref !== ref) return;
    if (error.code === 'pod_fenced') this.comeBackFenced(podId);
    else if (error.code === 'line_recovering') this.loop.startOver();
    else if (error.code === 'line_unavailable') {
      this.setAvailable(false);
      this.loop.startOver();
    }
  }

  private setAvailable(available: boolean): void {
    if (this.available === available || this.loop.isStopping) return;
    this.available = available;
    if (available) this.logger.log('The line is live.');
    else this.logger.warn('The line cannot be reached; positions stand still.');
    this.tell((listener) => listener.onState?.(this));
  }

  private async connectAndFollow(signal: AbortSignal): Promise<void> {
    await this.connect();
    this.lastTrouble = '';
    const { ref, replica } = this;
    if (!ref || !replica) return;
    const position = (): { sequence: number; durableSequence: number } => {
      return { sequence: replica.sequence, durableSequence: this.durableSequence };
    };
    const until = AbortSignal.any([signal, this.over.signal]);
    this.behind = await this.feed.follow(ref, position, (page) => this.take(replica, page), until);
    if (this.hasEnded && !signal.aborted) await once(signal, 'abort');
  }

  /** Reported once for each kind of trouble in a row. */
  private onFailed(error: unknown): void {
    this.setAvailable(false);
    if (error instanceof DomainError && error.code === 'pod_fenced') this.pod.renew();
    const trouble = errorText(error);
    if (trouble === this.lastTrouble || this.loop.isStopping) return;
    this.lastTrouble = trouble;
    this.logger.warn(`Trying again until it works: ${trouble}`);
  }

  /** Finds the current line, makes this pod known to it, and brings replica and sockets up to date. */
  private async connect(): Promise<void> {
    const held = await this.keeper.ensure(this.room, this);
    const ref = held.ref.incarnation === this.ref?.incarnation ? this.ref : this.begin(held.ref);
    this.witness.foundOn(held.server);
    this.doubted = false;
    await this.store.configure(ref, lineSettings(this.room));
    const podId = this.pod.id;
    const registeredAnew = await this.store.register(ref, podId);
    this.pod.noteRegistered(podId);
    const missedEvents = !this.replica || this.behind;
    if (missedEvents) await this.catchUp(ref);
    this.setAvailable(true);
    await this.sockets.settle((studentId, socket) => this.store.detach(ref, studentId, socket));
    await this.owed.settle(ref, (error) => this.logger.error(`Given up: ${errorText(error)}`));
    if (registeredAnew || missedEvents) await this.sockets.each((socket) => this.reattach(ref, socket));
    this.tell((listener) => listener.onState?.(this));
    this.tell((listener) => listener.onDurable?.(this));
  }

  private begin(ref: LineRef): LineRef {
    this.ref = ref;
    this.witness.begin(ref);
    this.replica = undefined;
    this.durableSequence = 0;
    this.durableBy = '';
    return ref;
  }

  /** A new replica; what it skips and the trail does not have yet is told again, for somebody may wait for it. */
  private async catchUp(ref: LineRef): Promise<void> {
    const snapshot = await this.store.snapshot(ref);
    const missed = await this.feed.between(ref, snapshot.durableSequence, snapshot.sequence);
    this.witness.see(snapshot.sequence);
    this.replica = new LineReplica(snapshot, missed);
    this.behind = false;
    this.durableSequence = snapshot.durableSequence;
    if (missed.length > 0) this.tell((listener) => listener.onEvents?.(this, missed));
  }

  private async reattach(ref: LineRef, { socketId, studentId, presented }: AttachedSocket): Promise<void> {
    if (!this.sockets.has(socketId)) return;
    const socket = { podId: this.pod.id, socketId };
    const outcome = await this.store.join(ref, { studentId, socket, create: false, presented });
    this.witness.see(outcome.sequence);
    if (!this.sockets.has(socketId)) return this.store.detach(ref, studentId, socket);
    if (outcome.outcome === 'gone') this.sockets.forget(socketId);
    else if (outcome.ticket) this.sockets.remember(socketId, outcome.ticket);
    this.tell((listener) => listener.onReattached?.(this, socketId, studentId, outcome));
  }

  private take(replica: LineReplica, { events, durableSequence, durableBy }: FeedPage): void {
    this.witness.seeEvents(events);
    if (events.length > 0) {
      this.pace.heard(events);
      const stateChanged = replica.apply(events);
      this.tell((listener) => listener.onEvents?.(this, events));
      if (stateChanged) this.tell((listener) => listener.onState?.(this));
    }
    this.noteDurable(durableSequence, durableBy);
  }

  private tell(say: (listener: LineListener) => void): void {
    forEach(this.logger, 'A listener', this.listeners, say);
  }
}
