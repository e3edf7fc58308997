import { Clock } from '../../common/clock';
import { randomId } from '../../common/ids';
import { lineError } from '../line-error';
import {
  FeedPage,
  JoinOutcome,
  JoinRequest,
  LINE_LIMITS,
  LineLimits,
  LineRef,
  LineSettings,
  LineSnapshot,
  LineStanding,
  LineStore,
  FeedReport,
  LotteryMove,
  OpenOptions,
  OperatorAct,
  RestoredTicket,
  StudentSocket,
  TickOutcome,
} from '../line-store';
import { assertDetachable, assertMoves, assertPage, assertRestorable, assertSocket, perMille } from '../line-input';
import { mayAdmit, mayEnd, Ticket } from '../ticket';
import { MemoryLine } from './memory-line';
import { podDeadline, refillBucket, tick } from './tick';

/**
 * The line in this process's memory: the engine of the embedded mode, and the readable form of what the Redis engine
 * does in Lua. Nothing here awaits between reading and writing, so every method is one atomic step.
 */
export class MemoryLineStore implements LineStore {
  private readonly lines = new Map<string, MemoryLine>();
  private readonly limits: LineLimits;
  /** There is one server, this process, and it forgets everything when it ends. */
  private readonly server = randomId();
  private closed = false;

  constructor(
    private readonly clock: Clock,
    limits: Partial<LineLimits> = {},
  ) {
    this.limits = { ...LINE_LIMITS, ...limits };
  }

  async open(ref: LineRef, options: OpenOptions): Promise<void> {
    if (this.lookUp(ref)) return void this.held(ref);
    this.lines.set(keyOf(ref), new MemoryLine({ ...ref }, options, this.limits, this.now()));
  }

  async restore(ref: LineRef, tickets: RestoredTicket[]): Promise<void> {
    const line = this.held(ref);
    if (line.ready) return;
    assertRestorable(tickets);
    const { baseNumber, options } = line;
    if (tickets.some(({ number }) => number < baseNumber || number >= options.firstNumber)) {
      throw lineError('invalid_input');
    }
    for (const ticket of tickets) line.restore(ticket);
  }

  async ready(ref: LineRef, recoverForMs: number): Promise<void> {
    const line = this.held(ref);
    if (line.ready) return;
    line.ready = true;
    line.recoveringUntil = recoverForMs > 0 ? line.nowMs + recoverForMs : 0;
    line.time.tick(line.now);
  }

  async check(ref: LineRef, { sequence, number, latest }: FeedReport, durableSequence = 0): Promise<LineStanding> {
    const line = this.lookUp(ref);
    const { server } = this;
    if (line?.ref.incarnation !== ref.incarnation || !line.ready || line.lost) return { state: 'lost', server };
    line.lost = Math.max(sequence, latest, durableSequence) > line.feed.sequence || number >= line.nextNumber;
    return { state: line.lost ? 'lost' : 'held', server };
  }

  async discard(ref: LineRef): Promise<void> {
    const line = this.lookUp(ref);
    if (!line) return;
    if (line.ref.incarnation !== ref.incarnation) throw lineError('line_recovering');
    line.feed.fail(lineError('line_recovering'));
    this.lines.delete(keyOf(ref));
  }

  async configure(ref: LineRef, settings: LineSettings): Promise<void> {
    const line = this.held(ref);
    if (settings.version <= line.settings.version) return;
    refillBucket(line, false);
    line.settings = { ...settings };
    line.append({ type: 'settings', settings: { ...settings } });
  }

  async register(ref: LineRef, podId: string): Promise<boolean> {
    const line = this.held(ref);
    assertSocket({ podId });
    const pod = line.pods.get(podId);
    if (pod?.fenced) throw lineError('pod_fenced');
    if (!pod) line.pods.set(podId, { deadline: podDeadline(line), fenced: false });
    return !pod;
  }

  async join(ref: LineRef, request: JoinRequest): Promise<JoinOutcome> {
    const line = this.running(ref);
    const { studentId, socket, presented } = request;
    assertSocket(socket);
    if (presented?.epoch === ref.epoch && presented.number >= line.nextNumber) throw lineError('line_recovering');
    const pod = line.pods.get(socket.podId);
    if (!pod || pod.fenced) throw lineError('pod_fenced');
    const outcome = line.live(studentId) ? this.attach(line, request) : this.enter(line, request);
    const ticket = line.tickets.get(studentId);
    return { outcome, ...(ticket && { ticket: { ...ticket } }), sequence: line.feed.sequence };
  }

  private attach(line: MemoryLine, { studentId, socket }: JoinRequest): JoinOutcome['outcome'] {
    if (line.sockets.has(studentId, socket)) return 'attached';
    const ticket = line.live(studentId)!;
    const sockets = line.sockets.count(studentId);
    if (sockets >= this.limits.socketsPerTicket) throw lineError('too_many_sockets');
    line.attach(ticket, socket);
    if (ticket.state === 'waiting' && sockets === 0) line.append({ type: 'back', number: ticket.number, studentId });
    return 'attached';
  }

  private enter(line: MemoryLine, request: JoinRequest): JoinOutcome['outcome'] {
    const { studentId, socket, presented, create } = request;
    const restorable = presented && this.mayReturn(line, studentId, presented);
    if (!restorable && !create) return 'gone';
    if (!restorable && line.state === 'closed') throw lineError('room_closed');
    if (!restorable && line.state === 'draining') throw lineError('room_draining');
    if (line.feed.backlog >= this.limits.feedBacklog) throw lineError('line_full');
    line.attach(restorable ? line.reinstate(studentId, presented) : line.issue(studentId), socket);
    return restorable ? 'restored' : 'joined';
  }

  private mayReturn(line: MemoryLine, studentId: string, presented: { epoch: number; number: number }): boolean {
    return (
      line.state === 'recovering' &&
      !line.tickets.has(studentId) &&
      presented.epoch < line.ref.epoch &&
      presented.number > line.options.restoredThrough &&
      line.isFree(presented.number)
    );
  }

  async detach(ref: LineRef, gone: readonly StudentSocket[]): Promise<void> {
    assertDetachable(gone);
    const line = this.running(ref);
    for (const { studentId, ...socket } of gone) {
      if (!line.sockets.has(studentId, socket)) continue;
      line.sockets.detach(studentId, socket);
      departIfAlone(line, studentId);
    }
  }

  async end(
    ref: LineRef,
    { studentId, number, only }: { studentId: string; number: number; only?: 'waiting' },
    reason: 'left' | 'finished' | 'removed',
    act?: OperatorAct,
  ): Promise<Ticket | undefined> {
    const line = this.running(ref);
    const ticket = line.live(studentId);
    const isMeant = ticket?.number === number && (only === undefined || ticket.state === only);
    if (isMeant && mayEnd(ticket.state, reason)) line.end(ticket, reason, act);
    return this.find(ref, studentId);
  }

  async acknowledge(ref: LineRef, { studentId, number }: { studentId: string; number: number }): Promise<void> {
    const line = this.running(ref);
    const ticket = line.live(studentId);
    if (ticket?.number !== number || ticket.state !== 'admitted' || ticket.acknowledged) return;
    line.acknowledge(ticket);
  }

  async admitByHand(ref: LineRef, studentId: string, act: OperatorAct): Promise<Ticket | undefined> {
    const line = this.running(ref);
    const ticket = line.tickets.get(studentId);
    if (ticket && mayAdmit(ticket.state)) {
      if (line.state === 'recovering') throw lineError('line_recovering');
      if (line.state === 'closed') throw lineError('room_closed');
      line.admit(ticket, line.nowMs + line.settings.leaseMs, act);
    }
    return this.find(ref, studentId);
  }

  async find(ref: LineRef, studentId: string): Promise<Ticket | undefined> {
    const ticket = this.held(ref).tickets.get(studentId);
    return ticket && { ...ticket };
  }

  async tick(ref: LineRef, podId: string, share = 1): Promise<TickOutcome> {
    return tick(this.running(ref), podId, perMille(share));
  }

  async draw(ref: LineRef, moves: LotteryMove[], entrantsHash?: string): Promise<void> {
    assertMoves(moves);
    const line = this.running(ref);
    const { lottery } = line;
    if (lottery.stage !== 'frozen') return;
    if (moves.some(({ number }) => number < lottery.firstNumber || number >= line.nextNumber)) {
      throw lineError('invalid_input');
    }
    for (const { studentId, entry, number } of moves) {
      const ticket = line.live(studentId);
      if (ticket?.state === 'waiting' && ticket.number === entry) line.renumber(ticket, number);
    }
    if (entrantsHash === undefined) return;
    line.lottery = { stage: 'settled', settledAt: line.append({ type: 'settled', entrantsHash }) };
  }

  async fencePod(ref: LineRef, podId: string): Promise<boolean> {
    const line = this.running(ref);
    const pod = line.pods.get(podId);
    if (!pod || (!pod.fenced && pod.deadline > line.lineNow)) return false;
    pod.fenced = true;
    const students = line.sockets.studentsOf(podId, this.limits.tickBatch);
    for (const studentId of students) {
      line.sockets.detachPod(studentId, podId);
      departIfAlone(line, studentId);
    }
    const more = students.length === this.limits.tickBatch;
    if (!more) line.pods.delete(podId);
    return more;
  }

  async snapshot(ref: LineRef): Promise<LineSnapshot> {
    return this.held(ref).snapshot();
  }

  async readFeed(
    ref: LineRef,
    afterSequence: number,
    options: { limit: number; waitMs: number; knownDurable: number },
  ): Promise<FeedPage> {
    assertPage(options.limit);
    await this.held(ref).feed.more(afterSequence, options.knownDurable, options.waitMs);
    return this.held(ref).feed.page(afterSequence, options.limit);
  }

  async markDurable(ref: LineRef, sequence: number, podId: string): Promise<void> {
    this.held(ref).feed.markDurable(sequence, podId, this.limits.feedKept);
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const line of this.lines.values()) line.feed.fail(lineError('line_unavailable'));
  }

  /** The line a call is meant for, brought to the present moment. */
  private held(ref: LineRef): MemoryLine {
    const line = this.lookUp(ref);
    if (line?.ref.incarnation !== ref.incarnation || line.lost) throw lineError('line_recovering');
    line.now = this.now();
    return line;
  }

  /** The same, and the line is complete. */
  private running(ref: LineRef): MemoryLine {
    const line = this.held(ref);
    if (!line.ready) throw lineError('line_recovering');
    return line;
  }

  private lookUp(ref: LineRef): MemoryLine | undefined {
    if (this.closed) throw lineError('line_unavailable');
    return this.lines.get(keyOf(ref));
  }

  /** Store time in µs. */
  private now(): number {
    return Math.round(this.clock() * 1_000);
  }
}

const keyOf = ({ roomId, epoch }: LineRef): string => `${roomId}:${epoch}`;

/** A ticket that waits without any socket is away. */
function departIfAlone(line: MemoryLine, studentId: string): void {
  const ticket = line.live(studentId);
  if (ticket?.state === 'waiting' && line.sockets.count(studentId) === 0) line.depart(ticket);
}
