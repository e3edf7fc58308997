import { UseFilters, ArgumentsHost, Catch, ExceptionFilter, Logger } from '@nestjs/common';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  OnGatewayConnection,
  OnGatewayDisconnect,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { z } from 'zod';
import { AdmissionService } from '../admission/admission.service';
import { DomainError, toErrorBody } from '../common/domain-error';
import { parseInput } from '../common/validation';
import type { Reply } from '../contract/errors';
import { ASKED } from '../contract/events';
import type { SectionOutcome } from '../contract/seats';
import { LineService, Place } from '../line/line.service';
import { EnrolmentService } from '../registration/students/enrolment.service';
import type { RoomLine } from '../line/follower/room-line';
import { withRequestId } from '../common/request-context';
import { EarlyArrivals } from './early-arrivals';
import { type Connection, inOneWrite } from './edge/connection';
import { LineAnnouncer } from './push/line-announcer';
import { LiveSessions } from './live-sessions';
import { ticketMessage, toldBy } from './push/room-message';
import { SeatsWatch } from './push/seats-watch';
import { StopAnnouncer } from './push/stop-announcer';
import { LiveSocket, Session, SessionPlace } from './session';

/** Translates whatever a gateway's handler throws into the refusal that its acknowledgement carries. Never throws. */
@Catch()
class SocketErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Live');

  catch(error: unknown, host: ArgumentsHost): void {
    if (!(error instanceof DomainError)) {
      this.logger.error({ code: 'request_failed', err: error }, 'A message failed of something unforeseen');
    }
    const acknowledge: unknown = host.getArgByIndex(2);
    if (typeof acknowledge === 'function')
      (acknowledge as (reply: unknown) => void)({ ok: false, error: withRequestId(toErrorBody(error)) });
  }
}

type Results = Reply<{ results: SectionOutcome[] }>;

type Acknowledge<T extends object = object> = (reply: Reply<T>) => void;

/** The socket's edge: checks what comes in, calls the service that decides, answers. */
@UseFilters(SocketErrorFilter)
@WebSocketGateway()
export class LiveGateway implements OnGatewayConnection<LiveSocket>, OnGatewayDisconnect<LiveSocket> {
  constructor(
    private readonly lines: LineService,
    private readonly admissions: AdmissionService,
    private readonly announcer: LineAnnouncer,
    private readonly sessions: LiveSessions,
    private readonly seats: SeatsWatch,
    private readonly stops: StopAnnouncer,
    private readonly enrolments: EnrolmentService,
    private readonly early: EarlyArrivals,
  ) {}

  handleConnection(socket: LiveSocket): void {
    const session = new Session(socket, socket.data.studentId, socket.data.classYear);
    socket.data.session = session;
    this.sessions.add(session);
    this.stops.greet(socket);
  }

  handleDisconnect(socket: LiveSocket): void {
    const { session } = socket.data;
    // First: who is gone must not count as present, whatever else fails.
    this.lines.detachEverywhere(socket.id);
    this.early.forgetEverywhere(session);
    this.sessions.remove(session);
    this.seats.forget(socket);
  }

  @SubscribeMessage('line:join')
  async join(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() payload: unknown,
    @Ack() acknowledge: Acknowledge<{ state: 'waiting' | 'admitted' }>,
  ): Promise<void> {
    const { roomId, ticket, resume, seenSequence, extrapolates = false } = asked('line:join', payload);
    const { session } = socket.data;
    assertConnected(socket);
    this.lines.line(roomId);
    this.sessions.watchRoom(session, roomId);
    const { studentId, classYear } = session;
    const onPassed = (): void => this.early.takeDue(roomId);
    const options = { resume, classYear, signedTicket: ticket, seenSequence, onPassed };
    const take = (answer: (state: SessionPlace['state']) => void): Promise<void> =>
      this.lines.join(roomId, studentId, socket.id, options, (place, line) =>
        this.enter(session, line, place, extrapolates, answer),
      );
    try {
      await take((state) => acknowledge({ ok: true, state }));
    } catch (error) {
      const isEarly = error instanceof DomainError && error.code === 'window_not_open' && !resume;
      if (isEarly && socket.connected) this.early.note(session, roomId, () => take(() => undefined));
      throw error;
    }
  }

  @SubscribeMessage('line:leave')
  async leave(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() payload: unknown,
    @Ack() acknowledge: Acknowledge,
  ): Promise<void> {
    const { roomId } = asked('line:leave', payload);
    const { session, studentId } = socket.data;
    await session.answerFirst(async () => {
      this.early.forget(session, roomId);
      await this.lines.leave(roomId, studentId);
      acknowledge({ ok: true });
    });
  }

  @SubscribeMessage('admission:finish')
  async finish(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() payload: unknown,
    @Ack() acknowledge: Acknowledge,
  ): Promise<void> {
    const { roomId } = asked('admission:finish', payload);
    const { session, studentId } = socket.data;
    await session.answerFirst(async () => {
      await this.admissions.finish(roomId, studentId);
      acknowledge({ ok: true });
    });
  }

  @SubscribeMessage('seats:watch')
  async watch(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() payload: unknown,
    @Ack() acknowledge: Acknowledge,
  ): Promise<void> {
    const { termId, sectionIds } = asked('seats:watch', payload);
    assertConnected(socket);
    const tellCounts = await this.seats.watch(socket, termId, sectionIds);
    acknowledge({ ok: true });
    tellCounts();
  }

  @SubscribeMessage('enrolment:commit')
  async commit(socket: LiveSocket, payload: unknown): Promise<Results> {
    const { termId, sectionIds, admission, idempotencyKey } = asked('enrolment:commit', payload);
    const { studentId } = socket.data;
    return {
      ok: true,
      results: await this.enrolments.commit(studentId, termId, sectionIds, admission, idempotencyKey),
    };
  }

  @SubscribeMessage('enrolment:drop')
  async drop(socket: LiveSocket, payload: unknown): Promise<Results> {
    const { termId, sectionId, idempotencyKey } = asked('enrolment:drop', payload);
    return { ok: true, results: await this.enrolments.drop(socket.data.studentId, termId, sectionId, idempotencyKey) };
  }

  @SubscribeMessage('enrolment:swap')
  async swap(socket: LiveSocket, payload: unknown): Promise<Results> {
    const { termId, admission, idempotencyKey, ...sections } = asked('enrolment:swap', payload);
    const { studentId } = socket.data;
    return { ok: true, results: await this.enrolments.swap(studentId, termId, sections, admission, idempotencyKey) };
  }

  @SubscribeMessage('waitlist:join')
  async joinWaitlist(socket: LiveSocket, payload: unknown): Promise<Results> {
    const { termId, sectionId, admission, idempotencyKey } = asked('waitlist:join', payload);
    const { studentId } = socket.data;
    return {
      ok: true,
      results: await this.enrolments.joinWaitlist(studentId, termId, sectionId, admission, idempotencyKey),
    };
  }

  @SubscribeMessage('waitlist:leave')
  async leaveWaitlist(socket: LiveSocket, payload: unknown): Promise<Results> {
    const { termId, sectionId, idempotencyKey } = asked('waitlist:leave', payload);
    const { studentId } = socket.data;
    return { ok: true, results: await this.enrolments.leaveWaitlist(studentId, termId, sectionId, idempotencyKey) };
  }

  @SubscribeMessage('waitlist:accept')
  async acceptOffer(socket: LiveSocket, payload: unknown): Promise<Results> {
    const { termId, sectionId, idempotencyKey } = asked('waitlist:accept', payload);
    const { studentId } = socket.data;
    return { ok: true, results: await this.enrolments.acceptOffer(studentId, termId, sectionId, idempotencyKey) };
  }

  /** The answer first, then the ticket, then the admission, if there is one. */
  private enter(
    session: Session,
    line: RoomLine,
    place: Place,
    extrapolates: boolean,
    answer: (state: SessionPlace['state']) => void,
  ): void {
    const { socket } = session;
    assertConnected(socket);
    const { ticket } = place;
    const roomId = line.room.id;
    const message = ticketMessage(line, place, extrapolates);
    const { number } = message;
    const state = ticket.state === 'admitted' ? 'admitted' : 'waiting';
    this.sessions.givePlace(session, { roomId, number, state, ticket, ...toldBy(message) });
    inOneWrite(socket.conn as unknown as Connection, () => {
      answer(message.state);
      session.tell(() => socket.emit('line:ticket', message));
      if (state === 'admitted') this.announcer.tellAdmittedTicket(line, session, ticket);
    });
  }
}

/** Nobody would ever let go of what a socket takes after its end. A packet may hold a message and, after it, the end. */
function assertConnected({ connected }: LiveSocket): void {
  if (!connected) throw new DomainError('not_in_line', 'The connection was lost before the place was taken.');
}

type Asked = typeof ASKED;

/** What an event asks, checked. @throws DomainError `invalid_input` */
function asked<E extends keyof Asked>(event: E, payload: unknown): z.output<Asked[E]['request']> {
  return parseInput(ASKED[event].request as z.ZodType, payload) as z.output<Asked[E]['request']>;
}
