import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { Admitted, AdmissionService } from '../../admission/admission.service';
import { halted } from '../../common/reckoning';
import { forEach } from '../../common/topic';
import { failure } from '../../common/text';
import type { JoinOutcome, LineEvent } from '../../line/line-store';
import { LineService } from '../../line/line.service';
import type { LineListener, RoomLine } from '../../line/follower/room-line';
import type { EndReason, Ticket } from '../../line/ticket';
import { shutOutSchema, type ShutOutReason } from '../../contract/line';
import { DOOR } from '../door-watch';
import { LiveSessions } from '../live-sessions';
import { moves } from '../../room/room-state';
import type { Session } from '../session';
import { Broadcaster } from './broadcaster';
import { roomMessage, ticketMessage, toldBy } from './room-message';

type Admission = LineEvent & { type: 'admitted' };

/** Tells the sockets of this pod what happened to their students' tickets and rooms. */
@Injectable()
export class LineAnnouncer implements LineListener, OnModuleInit {
  private readonly logger = new Logger('Live');

  constructor(
    private readonly lines: LineService,
    private readonly admissions: AdmissionService,
    private readonly sessions: LiveSessions,
    private readonly broadcaster: Broadcaster,
  ) {}

  onModuleInit(): void {
    this.lines.listen(this);
    this.admissions.onAdmitted((admission) => this.announceAdmitted(admission));
  }

  onEvents(line: RoomLine, events: LineEvent[]): void {
    forEach(this.logger, 'Telling of the line', events, (event) => {
      if (event.type === 'ended') this.announceEnd(line, event);
      if (event.type === 'drawn') this.renumber(line.room.id, event);
      if (event.type === 'admitted') this.stopWaiting(line.room.id, event.studentId, event.number, event);
    });
  }

  onState(line: RoomLine): void {
    this.tellState(line).catch((error: unknown) => {
      this.logger.error(
        { code: 'state_not_told', room: line.room.id, err: error },
        'The state of a room could not be told',
      );
    });
  }

  onReattached(line: RoomLine, socketId: string, studentId: string, outcome: JoinOutcome): void {
    const { ticket } = outcome;
    const session = this.sessions.withPlace(studentId, line.room.id).find(({ socket }) => socket.id === socketId);
    if (!session) return;
    if (outcome.outcome === 'gone') this.tellEnd(line, session, ticket?.reason ?? 'away');
    else if (ticket?.state === 'admitted') this.tellAdmittedTicket(line, session, ticket);
    else if (ticket) this.waitAgain(session, ticket);
  }

  /** Gives a socket its admission, if the trail has it already; otherwise the announcement of the admission will. */
  tellAdmittedTicket(line: RoomLine, session: Session, ticket: Ticket): void {
    this.stopWaiting(line.room.id, ticket.studentId, ticket.number);
    const durable = ticket.admittedSequence === undefined || ticket.admittedSequence <= line.durableSequence;
    const isLate = session.places.get(line.room.id)?.late;
    if (!durable || isLate || ticket.expiresAt === undefined) return;
    const { roomId, studentId, number, expiresAt, admittedSequence: sequence } = ticket;
    void this.tellAdmitted([session], { roomId, studentId, number, expiresAt, sequence });
  }

  private tellState(line: RoomLine): Promise<void> {
    const message = roomMessage(line);
    const { id } = line.room;
    return this.broadcaster.tell(line, this.sessions.inRoom(id), 'room:state', message, (session) => {
      if (!moves(message.state)) haltPlace(session, id, message.serverTime);
      this.renewTicket(line, session);
    });
  }

  /**
   * Whoever waits under another number than the signed ticket's gets it anew, once no loss can take that number back. The
   * old one stays good.
   */
  private renewTicket(line: RoomLine, session: Session): void {
    const place = session.places.get(line.room.id);
    if (place?.state !== 'waiting' || place.ticket.number === place.number) return;
    if (!line.replica || line.replica.drawPending) return;
    place.ticket = { ...place.ticket, number: place.number };
    const told = this.lines.place(line, place.ticket);
    const message = ticketMessage(line, told, place.reckoned !== undefined);
    Object.assign(place, toldBy(message));
    session.tell(() => session.socket.emit('line:ticket', message));
  }

  /** An admission that never became durable was lost with the store: nobody was told of it, and the place is the old one. */
  private waitAgain(session: Session, { roomId, number }: Ticket): void {
    const place = session.places.get(roomId);
    if (place) Object.assign(place, { number, state: 'waiting', late: undefined });
  }

  private announceAdmitted(admission: Admitted): void {
    const sessions = this.sessions.withPlace(admission.studentId, admission.roomId).filter((session) => {
      const place = session.places.get(admission.roomId);
      return place?.number === admission.number && !place.late;
    });
    if (sessions.length > 0) void this.tellAdmitted(sessions, admission);
  }

  private async tellAdmitted(sessions: Session[], admission: Admitted): Promise<void> {
    try {
      const { roomId, studentId, number, expiresAt, sequence } = admission;
      const token = await this.admissions.token(admission);
      const serverTime = Math.round(this.lines.line(roomId).replica?.now() ?? Date.now());
      const acknowledge = (): void => {
        this.lines.acknowledge(roomId, studentId, number).catch((error: unknown) => {
          const fields = { code: 'acknowledgement_deferred', room: roomId, student: studentId, ...failure(error) };
          this.logger.warn(fields, 'An acknowledged admission is not noted yet');
        });
      };
      forEach(this.logger, 'Telling of an admission', sessions, (session) => {
        // Where the trail is written the admission is announced before the event itself has been heard here.
        if (session.places.get(roomId)?.late) return;
        const message = { roomId, number, token, expiresAt, serverTime, sequence };
        session.tell(() => session.socket.emit('line:admitted', message, acknowledge));
      });
    } catch (error) {
      const { roomId: room, studentId: student } = admission;
      this.logger.error({ code: 'admission_not_told', room, student, err: error }, 'An admission could not be told');
    }
  }

  /** Without the event only the student's other tabs can tell that it came too late. */
  private stopWaiting(roomId: string, studentId: string, number: number, given?: Admission): void {
    const sessions = this.sessions.withPlace(studentId, roomId);
    const places = sessions.map((session) => ({ session, place: session.places.get(roomId) }));
    const knownLate = !given && places.some(({ place }) => place?.number === number && place.late);
    for (const { session, place } of places) {
      if (place?.number !== number) continue;
      place.state = 'admitted';
      const isLate = given ? !given.act && this.isShut(session, roomId, given.at) : knownLate;
      if (isLate) place.late = true;
    }
  }

  /** Whoever's window was over is let in by a line that had not been told yet; what an operator does by hand counts. */
  private isShut({ studentId, classYear }: Session, roomId: string, at: number): boolean {
    const refusal = this.lines.refusalAtDoor(roomId, studentId, classYear);
    if (!refusal || refusal.code === 'window_not_open') return false;
    return refusal.code !== 'window_closed' || Number(refusal.details?.closedAt) <= at;
  }

  /** Position and ticket follow once the line is open. */
  private renumber(roomId: string, { studentId, entry, number }: LineEvent & { type: 'drawn' }): void {
    for (const session of this.sessions.withPlace(studentId, roomId)) {
      const place = session.places.get(roomId);
      if (place?.number === entry) place.number = number;
    }
  }

  private announceEnd(line: RoomLine, { studentId, number, reason, act }: LineEvent & { type: 'ended' }): void {
    const why = act?.operator === DOOR ? shutOutSchema.safeParse(act.note).data : undefined;
    forEach(this.logger, 'Telling of an end', this.sessions.withPlace(studentId, line.room.id), (session) => {
      if (session.places.get(line.room.id)?.number === number) this.tellEnd(line, session, reason, why);
    });
  }

  private tellEnd(line: RoomLine, session: Session, reason: EndReason, why?: ShutOutReason): void {
    line.forget(session.socket.id);
    this.sessions.endPlace(session, line.room.id);
    session.tell(() => session.socket.emit('line:left', { roomId: line.room.id, reason, ...(why && { why }) }));
  }
}

/** A client that moves its number on stops with the room. */
function haltPlace(session: Session, roomId: string, now: number): void {
  const place = session.places.get(roomId);
  if (place?.reckoned) place.reckoned = halted(place.reckoned, now);
}
