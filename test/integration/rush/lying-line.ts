import type { Server, Socket } from 'socket.io';
import type { Reply } from '../../../src/contract/errors';
import type { LineJoinRequest, LineTicketMessage } from '../../../src/contract/line';
import type { RoomStateMessage } from '../../../src/contract/rooms';
import type {
  EnrolmentCommitRequest,
  EnrolmentDropRequest,
  EnrolmentSwapRequest,
  SectionOutcome,
  WaitlistJoinRequest,
  WaitlistRequest,
} from '../../../src/contract/seats';
import type { Lie } from './lie';
import type { LyingSeats } from './lying-seats';

interface Place {
  student: string;
  number: number;
  state: 'waiting' | 'inside' | 'ended';
  sockets: Set<Socket>;
  joins: number;
  joinedAt: number;
}

const TICK_MS = 50;
const PER_TICK = 3;
const LEASE_MS = 60_000;
const OPENS_AFTER_MS = 1_500;
/** The victim of a lie about the line. */
const VICTIM = 3;
/** How long the victim of an overtake is passed over. */
const PASSED_OVER_MS = 1_500;

export interface LyingLineOptions {
  /** The room opens when the first student has waited this long, ms; Infinity = never. */
  opensAfterMs?: number;
}

/** A line as simple as can be: honest, but for the one lie. */
export class LyingLine {
  private readonly places = new Map<string, Place>();
  private readonly timer: NodeJS.Timeout;
  private openedAt = Infinity;
  private hasLied = false;
  /** Every student asks for the same one. */
  private roomId = '';

  constructor(
    io: Server,
    private readonly seats: LyingSeats,
    private readonly lie?: Lie,
    private readonly options: LyingLineOptions = {},
  ) {
    seats.onPromoted = (student, change) => {
      for (const socket of this.placeOf(student).sockets) {
        socket.emit('enrolment:changed', { termId: 'term', changes: [change] });
      }
    };
    io.on('connection', (socket) => this.welcome(socket));
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Who has a place, or had one. */
  get joined(): number {
    return this.places.size;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private welcome(socket: Socket): void {
    const student = String((socket.handshake.auth as { token: string }).token);
    socket.on('line:join', ({ roomId }: LineJoinRequest, acknowledge: (reply: Reply) => void) => {
      this.roomId = roomId;
      acknowledge({ ok: true });
      this.join(student, socket);
    });
    this.answerSeats(student, socket);
    socket.on('admission:finish', (_: object, acknowledge: (reply: Reply) => void) => {
      this.placeOf(student).state = 'ended';
      acknowledge({ ok: true });
    });
    socket.on('disconnect', () => this.placeOf(student).sockets.delete(socket));
  }

  private answerSeats(student: string, socket: Socket): void {
    const { seats } = this;
    const answer = <T extends { idempotencyKey: string }>(
      event: string,
      outcomes: (request: T) => SectionOutcome[],
    ) => {
      socket.on(event, (request: T, acknowledge: (reply: Reply<{ results: SectionOutcome[] }>) => void) => {
        const results = seats.answer(student, request.idempotencyKey, () => outcomes(request));
        acknowledge({ ok: true, results });
      });
    };
    answer<EnrolmentCommitRequest>('enrolment:commit', ({ sectionIds }) =>
      sectionIds.map((id) => seats.take(student, id)),
    );
    answer<EnrolmentDropRequest>('enrolment:drop', ({ sectionId }) => [seats.drop(student, sectionId)]);
    answer<EnrolmentSwapRequest>('enrolment:swap', ({ dropSectionId, takeSectionId }) =>
      seats.swap(student, dropSectionId, takeSectionId),
    );
    answer<WaitlistJoinRequest>('waitlist:join', ({ sectionId }) => [seats.join(student, sectionId)]);
    answer<WaitlistRequest>('waitlist:leave', ({ sectionId }) => [seats.leave(student, sectionId)]);
  }

  private placeOf(student: string): Place {
    let place = this.places.get(student);
    if (!place) {
      const number = this.places.size + 1;
      place = { student, number, state: 'waiting', sockets: new Set(), joins: 0, joinedAt: Date.now() };
      this.places.set(student, place);
      if (number === 1) this.openedAt = Date.now() + (this.options.opensAfterMs ?? OPENS_AFTER_MS);
    }
    return place;
  }

  private join(student: string, socket: Socket): void {
    const place = this.placeOf(student);
    const hasOther = place.sockets.size > 0;
    place.sockets.add(socket);
    place.joins += 1;
    const ticket: LineTicketMessage = {
      roomId: this.roomId,
      ticket: `ticket of ${student}`,
      number: this.toldNumber(place, hasOther),
      state: place.state === 'waiting' ? 'waiting' : 'admitted',
      position: this.position(place),
      total: this.places.size,
      sequence: 0,
      room: {} as RoomStateMessage,
    };
    socket.emit('line:ticket', ticket);
    if (place.state === 'inside') this.tellAdmitted(place, Date.now());
  }

  private toldNumber({ number, joins }: Place, isSecondTab: boolean): number {
    if (this.lie === 'a number given twice' && number === VICTIM) return number - 1;
    if (this.lie === 'another number in the second tab' && isSecondTab) return number + 1_000;
    if (this.lie === 'another number after a reconnect' && joins > 1) return number + 1_000;
    return number;
  }

  private position({ number, state }: Place): number {
    if (state !== 'waiting') return 0;
    return 1 + [...this.places.values()].filter((place) => place.state === 'waiting' && place.number < number).length;
  }

  private tick(): void {
    const now = Date.now();
    if (now < this.openedAt) return;
    const present = [...this.places.values()].filter(({ state, sockets }) => state === 'waiting' && sockets.size > 0);
    for (const place of present.filter((one) => !this.isPassedOver(one, now)).slice(0, PER_TICK)) {
      place.state = 'inside';
      this.tellAdmitted(place, now);
    }
    for (const place of present) if (place.state === 'waiting') this.tellPosition(place, now);
  }

  private isPassedOver({ number }: Place, now: number): boolean {
    if (number !== VICTIM) return false;
    if (this.lie === 'an overtake') return now < this.openedAt + PASSED_OVER_MS;
    return this.lie === 'somebody never let in';
  }

  private tellAdmitted(place: Place, now: number): void {
    const number = this.toldNumber({ ...place, joins: 0 }, false);
    const message = { roomId: this.roomId, number, token: 'token', expiresAt: now + LEASE_MS, serverTime: now };
    for (const socket of place.sockets) socket.emit('line:admitted', message, () => undefined);
  }

  private tellPosition(place: Place, at: number): void {
    let position = this.position(place);
    if (this.lie === 'a position that rises' && !this.hasLied && at > place.joinedAt + 500) {
      this.hasLied = true;
      position += 100;
    }
    const message = { roomId: this.roomId, position, total: this.places.size, sequence: 0, at, speed: 0 };
    for (const socket of place.sockets) socket.emit('line:position', message);
  }
}
