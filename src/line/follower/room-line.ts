import { Logger } from '@nestjs/common';
import { failure } from '../../common/text';
import type { Topic } from '../../common/topic';
import type { Room } from '../../room/room';
import { lineSettings } from '../line-settings';
import type { JoinOutcome, JoinRequest, LineEvent, LineRef, TickOutcome } from '../line-store';
import { FollowerParts, LineConnection } from './line-connection';
import type { LineReplica } from './line-replica';
import { LineSockets } from './line-sockets';
import { TickPacer } from './tick-pacer';

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

/** Each of those who listen is handed to what is published: `news.subscribe((tell) => tell(listener))`. */
export type LineNews = Topic<[tell: (listener: LineListener) => void]>;

/**
 * This pod's end of one room's line, as the upper floors use it: its connection to the store, the sockets it has
 * attached, and the pace at which it lets time pass there.
 */
export class RoomLine {
  private readonly logger = new Logger('Line');
  private readonly connection: LineConnection;
  private readonly sockets: LineSockets;
  private readonly pacer = new TickPacer();
  /** What this pod has done for the line since its start. */
  readonly figures = { joined: 0, admitted: 0 };
  /** The last tick's counts. */
  counts = { waiting: 0, present: 0, inside: 0 };
  /** Nobody's place ends for being away, for now. */
  graceStands = false;
  /** The room's version under which its line has ended last. */
  private endedVersion = -1;

  constructor(
    public room: Room,
    private readonly parts: FollowerParts,
    private readonly news: LineNews,
  ) {
    this.connection = this.makeConnection();
    this.sockets = this.makeSockets();
  }

  /** The life of the line that is followed; undefined until the first one is found. */
  get ref(): LineRef | undefined {
    return this.connection.ref;
  }

  get replica(): LineReplica | undefined {
    return this.connection.replica;
  }

  get durableSequence(): number {
    return this.connection.durableSequence;
  }

  /** Which pod wrote the trail last; '' when none has. */
  get durableBy(): string {
    return this.connection.durableBy;
  }

  isWriter(): boolean {
    return this.connection.durableBy === this.connection.podId;
  }

  /** False while the store cannot be reached or the line is being brought back. */
  get available(): boolean {
    return this.connection.available;
  }

  /**
   * The room is closed, every ticket has ended, and the trail has it all. Its line is neither ticked nor followed any more,
   * until somebody changes the room or asks for a place in it; the store lets it go by itself after some days.
   */
  get hasEnded(): boolean {
    return !this.connection.isOpen;
  }

  /** It has ended since the room was changed last, though somebody may have asked for a place in vain since. */
  get isOver(): boolean {
    return this.hasEnded || this.endedVersion === this.room.version;
  }

  start(): void {
    this.connection.startOver();
  }

  stop(): Promise<void> {
    return this.connection.stop();
  }

  /** Something else than the store says that this life is over, or that the store is not the one it was. */
  doubt(ref: LineRef, { lost = false } = {}): void {
    this.connection.doubt(ref, { lost });
  }

  /** Takes a newer version of the room to the store, and so to every pod. */
  async configure(room: Room): Promise<void> {
    this.room = room;
    if (this.hasEnded) this.connection.startOver();
    if (this.ref) await this.call((ref) => this.parts.store.configure(ref, lineSettings(room)));
    this.tell((listener) => listener.onState?.(this));
  }

  /**
   * Attaches a socket to the student's ticket. `noteTold` must follow once the student knows the place, or `release`.
   *
   * @throws DomainError `not_in_line` when the socket has gone meanwhile, and as the store does
   */
  join(studentId: string, socketId: string, options: Pick<JoinRequest, 'create' | 'presented'>): Promise<JoinOutcome> {
    this.connection.seeTicket(options.presented);
    return this.sockets.join(studentId, socketId, options);
  }

  /** Whether the socket is attached, as far as this pod knows. */
  holds(socketId: string): boolean {
    return this.sockets.isAttached(socketId);
  }

  /** The student knows the place by this socket. */
  noteTold(socketId: string): void {
    this.sockets.noteTold(socketId);
  }

  /** A join came to nothing after all: unless another one has told the student of the place, the socket is taken off. */
  async release(socketId: string): Promise<void> {
    if (!this.sockets.isTold(socketId)) await this.sockets.leave(socketId);
  }

  /** A socket is gone. While the store cannot be told, it is remembered, and told as soon as the line is back. */
  detach(socketId: string): Promise<void> {
    return this.sockets.leave(socketId);
  }

  /** The socket's ticket has ended; it is not put back after a restart of the line. */
  forget(socketId: string): void {
    this.sockets.forget(socketId);
  }

  /** One atomic call on the store for the current line. @throws DomainError as the store does */
  call<T>(work: (ref: LineRef) => Promise<T>): Promise<T> {
    return this.connection.call(work);
  }

  /**
   * A call that is made again, on whichever life of the line, when the store cannot be told now.
   *
   * @throws DomainError as the store does, for the first try
   */
  eventually(work: (ref: LineRef) => Promise<unknown>): Promise<void> {
    return this.connection.eventually(work);
  }

  /** What is in the feed and not yet in the trail, at most `limit` events. @throws DomainError as the store does */
  readPending(limit: number): Promise<{ ref: LineRef; events: LineEvent[] }> {
    return this.connection.readPending(limit);
  }

  /** Says that the trail now holds everything up to `sequence` of this life. @throws DomainError as the store does */
  markDurable(ref: LineRef, sequence: number): Promise<void> {
    return this.connection.markDurable(ref, sequence);
  }

  /**
   * Lets time pass in the store: heartbeat, deadlines, admissions. Undefined while the line is away, or nothing can be
   * due yet.
   */
  async tick(share = 1): Promise<TickOutcome | undefined> {
    const { replica } = this;
    const { timers, store } = this.parts;
    if (!replica || !this.available || this.hasEnded || !this.pacer.isDue(timers.elapsed(), replica)) return undefined;
    const { podId } = this.connection;
    const outcome = await this.call((ref) => store.tick(ref, podId, share));
    this.figures.admitted += outcome.admitted;
    this.connection.seeWhole(outcome.sequence);
    this.pacer.made(timers.elapsed(), outcome, this.room);
    this.noteTick(outcome);
    if (outcome.drawDue) this.tell((listener) => listener.onDrawDue?.(this));
    if (outcome.fenced) this.connection.comeBackFenced(podId);
    for (const dead of outcome.deadPods) await this.fence(dead);
    if (this.nothingIsLeft(outcome)) this.end();
    return outcome;
  }

  private noteTick({ now, state, sequence, graceStands, waiting, present, inside }: TickOutcome): void {
    const { replica } = this;
    if (!replica) return;
    replica.setClock(now);
    this.counts = { waiting, present, inside };
    if (replica.state === state && this.graceStands === graceStands) return;
    this.graceStands = graceStands;
    replica.enter(state, now, sequence);
    this.tell((listener) => listener.onState?.(this));
  }

  /**
   * Judged by the room as it is now: a tick that was under way when it was opened again says nothing of it. Nor by a
   * connection that has just been opened, for whoever asks for a place waits for its answer.
   */
  private nothingIsLeft({ state, waiting, inside, sequence }: TickOutcome): boolean {
    const { replica, connection } = this;
    const isClosed = connection.wasConnected && state === 'closed' && this.room.control === 'closed';
    const knows = replica?.sequence === sequence && replica.settingsVersion >= this.room.version;
    return isClosed && waiting + inside === 0 && knows && this.durableSequence === sequence;
  }

  private end(): void {
    this.endedVersion = this.room.version;
    this.connection.release();
    this.sockets.forgetAll();
  }

  private async fence(podId: string): Promise<void> {
    const fields = { code: 'pod_silent', room: this.room.id, silentPod: podId };
    this.logger.warn(fields, 'A pod is silent; its students are on grace until they come back');
    while (await this.call((ref) => this.parts.store.fencePod(ref, podId))) {
      // until nobody is left on it
    }
  }

  /** In the background; those whom the store could not be told of are told with the next connection. */
  private takeOffGone(): void {
    this.sockets.takeOffGone().catch((error: unknown) => {
      const fields = { code: 'detach_deferred', room: this.room.id, ...failure(error) };
      this.logger.warn(fields, 'Lost sockets are noted later');
    });
  }

  private makeConnection(): LineConnection {
    const room = (): Room => this.room;
    return new LineConnection(this.parts, {
      get room() {
        return room();
      },
      onSocketsDoubted: () => this.sockets.doubtAttached(),
      takeOffGone: () => this.takeOffGone(),
      reattach: (ref) => this.sockets.reattach(ref),
      onEvents: (events) => {
        this.pacer.heard(events);
        this.tell((listener) => listener.onEvents?.(this, events));
      },
      onDurable: () => this.tell((listener) => listener.onDurable?.(this)),
      onState: () => this.tell((listener) => listener.onState?.(this)),
    });
  }

  private makeSockets(): LineSockets {
    const { connection } = this;
    return new LineSockets(this.room.id, this.parts.store, {
      get podId() {
        return connection.podId;
      },
      get hasEnded() {
        return !connection.isOpen;
      },
      open: () => connection.open(),
      call: (work) => connection.call(work),
      onAnswer: (outcome) => this.noteAnswer(outcome),
      onReattached: (socketId, studentId, outcome) =>
        this.tell((listener) => listener.onReattached?.(this, socketId, studentId, outcome)),
    });
  }

  private noteAnswer({ outcome, sequence }: JoinOutcome): void {
    this.connection.see(sequence);
    if (outcome === 'joined') this.figures.joined += 1;
    // It was opened by another pod, which this one has not heard of yet.
    if (outcome !== 'gone' && this.hasEnded) this.connection.startOver();
  }

  private tell(say: (listener: LineListener) => void): void {
    this.news.publish(say);
  }
}
