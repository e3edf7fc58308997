import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { DomainError } from '../common/domain-error';
import { errorText, failure } from '../common/text';
import { type Listener, Topic, type Unsubscribe } from '../common/topic';
import { placeholders } from '../database/bulk';
import { Database } from '../database/database';
import type { LineEvent, OperatorAct } from '../line/line-store';
import { LineService } from '../line/line.service';
import type { LineListener, RoomLine } from '../line/follower/room-line';
import { type EndReason, type Ticket, admissionRefusal, type AdmissionLife } from '../line/ticket';
import { withDeadline } from '../common/deadline';
import { AdmissionClaims, AdmissionTokenSigner } from './admission-token';
import { AdmissionEntity } from './admission.entity';

/**
 * How long the database may take to say whether an admission lives before the line is asked, ms: who asks for other
 * sites, nginx for one, waits only for seconds.
 */
const DATABASE_PATIENCE_MS = 1_500;

type AdmittedEvent = Extract<LineEvent, { type: 'admitted' }>;

/** A student is inside, and the trail says so. */
export interface Admitted {
  roomId: string;
  studentId: string;
  number: number;
  expiresAt: number;
  /** Feed sequence, in the life of the line that let the student in. */
  sequence?: number;
}

/**
 * Admissions: announced once their trail row is durable, proved by a token, finished by the student, and checked by
 * whoever grants something for them.
 */
@Injectable()
export class AdmissionService implements LineListener, OnModuleInit {
  private readonly logger = new Logger('Admission');
  private readonly admitted = new Topic<[Admitted]>('Admission');
  /** Students who have no admission in a room that they could still have to acknowledge, as far as their acts tell. */
  private readonly seen = new WeakMap<RoomLine, Set<string>>();
  /** Admissions whose trail row is not yet known to be durable, in feed order; another room of the same name has its own. */
  private readonly pending = new WeakMap<RoomLine, { epoch: number; events: AdmittedEvent[] }>();

  constructor(
    private readonly lines: LineService,
    private readonly database: Database,
    private readonly tokens: AdmissionTokenSigner,
  ) {}

  onModuleInit(): void {
    this.lines.listen(this);
  }

  /** Calls `listener` for every admission of any pod, once its trail row is durable. It may be called twice for one. */
  onAdmitted(listener: Listener<[Admitted]>): Unsubscribe {
    return this.admitted.subscribe(listener);
  }

  onEvents(line: RoomLine, events: LineEvent[]): void {
    const admitted = events.filter((event): event is AdmittedEvent => event.type === 'admitted');
    const seen = this.seen.get(line);
    for (const { studentId } of seen ? admitted : []) seen?.delete(studentId);
    if (admitted.length === 0) return;
    this.pendingOf(line).push(...admitted);
    this.announceDurable(line);
  }

  onDurable(line: RoomLine): void {
    this.announceDurable(line);
  }

  /** The token of an admission; the same from any pod, and again when asked again. */
  token(admission: Admitted): Promise<string> {
    const { termId } = this.lines.line(admission.roomId).room;
    return this.tokens.sign({ ...admission, termId });
  }

  /**
   * Ends a student's time inside, for good: first in the database, where commits look, then in the line, which gives the
   * place inside to the next. Finishing twice is no error.
   *
   * @throws DomainError `admission_required` when the student is not inside, `admission_missed` or `admission_removed`
   * when the time inside has ended so, `database_unavailable`
   */
  async finish(roomId: string, studentId: string): Promise<void> {
    this.lines.line(roomId);
    const last = await this.end(roomId, studentId, 'finished');
    if (!last) throw new DomainError('admission_required', 'You are not inside.', { roomId });
    const { endReason } = last;
    const ended = endReason === 'no_show' || endReason === 'removed' ? admissionRefusal(endReason) : undefined;
    if (ended) throw ended;
    await this.lines.finish(roomId, studentId, last.number).catch((error: unknown) => {
      const fields = { code: 'admission_end_deferred', room: roomId, student: studentId, ...failure(error) };
      this.logger.warn(fields, 'An admission ended in the database only; its place inside frees later');
    });
  }

  /**
   * Takes a student's place or admission away.
   *
   * @throws DomainError `not_in_line` when there is neither, `database_unavailable`, and as the line store
   */
  async remove(roomId: string, studentId: string, act: OperatorAct): Promise<Ticket> {
    this.lines.line(roomId);
    await this.end(roomId, studentId, 'removed');
    return this.lines.remove(roomId, studentId, act);
  }

  /** Ends the student's last admission in the database, if it has not ended. Resolves to that admission as it was. */
  private end(roomId: string, studentId: string, endReason: EndReason): Promise<AdmissionEntity | null> {
    return this.database.write(async (manager) => {
      await this.lockStudent(manager, studentId);
      const order = { number: 'DESC' } as const;
      const last = await manager.findOne(AdmissionEntity, { where: { roomId, studentId }, order });
      if (last?.endedAt === null) {
        const endedAt = await this.database.now(manager);
        await manager.update(AdmissionEntity, { jti: last.jti, endedAt: IsNull() }, { endedAt, endReason });
      }
      return last;
    });
  }

  /**
   * Whether admissions live, by their rows. Inside a transaction that holds the students' locks the answer stays true
   * until it ends.
   *
   * @param now ms since the Unix epoch, by the database's clock
   */
  async lives(
    manager: EntityManager,
    claims: readonly { jti: string; studentId: string }[],
    now: number,
  ): Promise<Map<string, AdmissionLife>> {
    if (claims.length === 0) return new Map();
    // Plain columns: making entities of them would be the dearest part of a large batch of seat commits.
    const rows = await manager.query<AdmissionLifeRow[]>(
      `SELECT jti, student_id, expires_at, ended_at, end_reason FROM admission
       WHERE jti IN (${placeholders(claims.length)})`,
      claims.map(({ jti }) => jti),
    );
    const byJti = new Map(rows.map((row) => [row.jti, row]));
    return new Map(claims.map(({ jti, studentId }) => [jti, lifeOf(byJti.get(jti), studentId, now)]));
  }

  /**
   * Checks a token for another site behind the room: its signature, and that the admission still lives. While neither
   * database nor line can be asked, the signature and the expiry decide alone.
   *
   * @param roomId the only room whose admissions count; any when it is left out
   * @throws DomainError as `admissionRefusal` says
   */
  async verify(token: string, roomId?: string): Promise<AdmissionClaims> {
    const claims = await this.tokens.verify(token, this.database.clock.now());
    if (roomId !== undefined && claims.roomId !== roomId) {
      throw new DomainError('admission_invalid', 'This admission is for another room.');
    }
    const life = await this.askLife(claims);
    const refusal = admissionRefusal(life);
    if (refusal) throw refusal;
    return claims;
  }

  /**
   * What a token proves for a student in a term: that we signed it, for this student. Whether the admission still lives
   * is asked later, under the student's lock and by the database's clock; what was answered while it lived, for ever.
   *
   * @throws DomainError `admission_invalid`
   */
  async verifyFor(token: string, studentId: string, termId: string): Promise<AdmissionClaims> {
    const claims = await this.tokens.verifySigned(token);
    if (claims.studentId !== studentId || claims.termId !== termId) {
      throw new DomainError('admission_invalid', 'This admission is not yours, or not for this term.');
    }
    return claims;
  }

  /**
   * The student has shown an admission for the term, or done something in it. Whoever is inside has seen the admission, also
   * where the client cannot acknowledge it, and is no no-show. The store is asked once for each student and admission.
   */
  noteAct(studentId: string, termId: string): void {
    for (const line of this.lines.all()) {
      const { room } = line;
      // Nobody is inside any more.
      if (line.hasEnded) this.seen.delete(line);
      const known = this.seen.get(line) ?? new Set();
      if (line.hasEnded || room.termId !== termId || known.has(studentId)) continue;
      this.seen.set(line, known.add(studentId));
      this.lines.acknowledgeAny(room.id, studentId).catch((error: unknown) => {
        known.delete(studentId);
        const fields = { code: 'acknowledgement_deferred', room: room.id, student: studentId, ...failure(error) };
        this.logger.warn(fields, 'An act inside is taken for an acknowledgement later');
      });
    }
  }

  private async askLife(claims: AdmissionClaims): Promise<AdmissionLife> {
    try {
      const lives = this.database.read(async (manager) =>
        this.lives(manager, [claims], await this.database.now(manager)),
      );
      return (await withDeadline(lives, DATABASE_PATIENCE_MS)).get(claims.jti) ?? 'unknown';
    } catch (databaseError) {
      try {
        const ticket = await this.lines.find(claims.roomId, claims.studentId);
        return ticket ? lifeByTicket(claims, ticket) : 'live';
      } catch (lineError) {
        const reasons = { database: errorText(databaseError), line: errorText(lineError) };
        const fields = { code: 'verified_by_signature', room: claims.roomId, student: claims.studentId, ...reasons };
        this.logger.warn(fields, 'An admission was verified by its signature alone');
        return 'live';
      }
    }
  }

  private async lockStudent(manager: EntityManager, studentId: string): Promise<void> {
    if (this.database.kind !== 'mysql') return;
    await manager.query('SELECT id FROM student WHERE id = ? FOR UPDATE', [studentId]);
  }

  private pendingOf(line: RoomLine): AdmittedEvent[] {
    const epoch = line.ref?.epoch ?? 0;
    let pending = this.pending.get(line);
    if (pending?.epoch !== epoch) {
      pending = { epoch, events: [] };
      this.pending.set(line, pending);
    }
    return pending.events;
  }

  private announceDurable(line: RoomLine): void {
    const pending = this.pendingOf(line);
    while (pending[0] && pending[0].sequence <= line.durableSequence) {
      const event = pending.shift() as AdmittedEvent;
      const { studentId, number, expiresAt, sequence } = event;
      this.admitted.publish({ roomId: line.room.id, studentId, number, expiresAt, sequence });
    }
  }
}

/** What the student's last ticket shows of an admission: it has ended itself, or another one came after it. */
function lifeByTicket({ number }: AdmissionClaims, last: Ticket): AdmissionLife {
  if (last.number > number) return 'finished';
  return last.number === number && last.state === 'ended' ? (last.reason ?? 'finished') : 'live';
}

/** Columns as the driver gives them; whole numbers may be text. */
interface AdmissionLifeRow {
  jti: string;
  student_id: string;
  expires_at: number | string;
  ended_at: number | string | null;
  end_reason: EndReason | null;
}

function lifeOf(row: AdmissionLifeRow | undefined, studentId: string, now: number): AdmissionLife {
  if (!row || row.student_id !== studentId) return 'unknown';
  if (row.ended_at !== null) return row.end_reason ?? 'finished';
  return Number(row.expires_at) <= now ? 'expired' : 'live';
}
