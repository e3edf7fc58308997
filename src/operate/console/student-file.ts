import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { DomainError } from '../../common/domain-error';
import type { StudentFile, StudentPlace, TrailLine } from '../../contract/operate/console';
import { Database } from '../../database/database';
import { Roster } from '../../identity/roster';
import type { Student } from '../../identity/student';
import { StudentDirectory } from '../../identity/student-directory';
import { LineService } from '../../line/line.service';
import type { RoomLine } from '../../line/follower/room-line';
import type { LineEvent } from '../../line/line-store';
import { LiveSessions } from '../../live/live-sessions';
import { OutboxList } from '../../notice/outbox-list';
import { CatalogueService } from '../../registration/catalogue/catalogue.service';
import { WaitlistService } from '../../registration/students/waitlist.service';
import { fromTrailRow } from '../../trail/trail-rows';
import { TrailEntity } from '../../trail/trail.entity';

/** Of the trail, the newest lines. */
const MOST_LINES = 200;

/** Everything that operators may know of one student, for whoever answers the telephone. Reads only. */
@Injectable()
export class StudentFiles {
  constructor(
    private readonly database: Database,
    private readonly students: StudentDirectory,
    private readonly roster: Roster,
    private readonly lines: LineService,
    private readonly sessions: LiveSessions,
    private readonly catalogue: CatalogueService,
    private readonly waitlists: WaitlistService,
    private readonly mails: OutboxList,
  ) {}

  /** @throws DomainError `not_found` when neither the roster nor any sign-in knows the id; `database_unavailable` */
  async read(studentId: string): Promise<StudentFile> {
    const known = await this.students.find(studentId);
    const listed = this.roster.lookup(studentId);
    const [rooms, seats] = await Promise.all([this.places(studentId), this.seats(studentId)]);
    const isSomewhere = rooms.some(({ place }) => place !== undefined);
    if (!known && !listed && !isSomewhere) {
      throw new DomainError('not_found', 'No student of this id has ever signed in, and the roster names none.');
    }
    const { name = known?.name ?? studentId, classYear = known?.classYear, email = known?.email } = listed ?? {};
    const inForce = this.roster.text !== undefined;
    return {
      student: { id: studentId, name, classYear, email, language: known?.language },
      signedIn: known !== undefined,
      roster: inForce ? (listed ? (listed.hold !== undefined ? 'on_hold' : 'listed') : 'not_listed') : 'none',
      sockets: this.sessions.countOf(studentId),
      rooms,
      ...seats,
      mails: known ? await this.mailsOf(known) : [],
      trail: known ? await this.trailOf(studentId) : [],
    };
  }

  private async places(studentId: string): Promise<StudentPlace[]> {
    const lines = [...this.lines.all()].filter((line) => !line.hasEnded);
    return Promise.all(lines.map((line) => this.placeIn(line, studentId)));
  }

  private async placeIn(line: RoomLine, studentId: string): Promise<StudentPlace> {
    const { id: roomId, name: roomName } = line.room;
    try {
      const ticket = await this.lines.find(roomId, studentId);
      if (!ticket) return { roomId, roomName };
      const { state, number, joinedAt, expiresAt, acknowledged, reason } = ticket;
      const position = state === 'waiting' ? line.replica?.shownPosition(number) : undefined;
      return { roomId, roomName, place: { state, number, joinedAt, expiresAt, acknowledged, reason, position } };
    } catch (error) {
      if (error instanceof DomainError) return { roomId, roomName, unavailable: true };
      throw error;
    }
  }

  private async seats(studentId: string): Promise<Pick<StudentFile, 'seats' | 'waits'>> {
    const terms = await this.catalogue.terms(true);
    const perTerm = await Promise.all(
      terms.map(async ({ id: termId }) => ({
        seats: (await this.catalogue.enrolments(termId, studentId)).map(
          ({ section: { id, code, title }, enrolledAt }) => ({
            ...{ termId, sectionId: id, code, title, enrolledAt },
          }),
        ),
        waits: (await this.waitlists.waitlists(termId, studentId)).map(
          ({ section: { id, code, title }, state, position, joinedAt, offerExpiresAt }) => ({
            ...{ termId, sectionId: id, code, title, state, position, joinedAt, offerExpiresAt },
          }),
        ),
      })),
    );
    return { seats: perTerm.flatMap(({ seats }) => seats), waits: perTerm.flatMap(({ waits }) => waits) };
  }

  private mailsOf(student: Student): Promise<StudentFile['mails']> {
    return this.mails.ofStudent(student);
  }

  /** Of the rooms that are not archived. The trail knows the student by the pseudonym only. */
  private trailOf(studentId: string): Promise<TrailLine[]> {
    return this.database.read(async (manager) => {
      const student = (await this.students.pseudonyms(manager, [studentId])).get(studentId);
      const roomIds = [...this.lines.all()].map(({ room }) => room.id);
      if (student === undefined || roomIds.length === 0) return [];
      const rows = await manager.find(TrailEntity, {
        where: { roomId: In(roomIds), student },
        order: { at: 'DESC', sequence: 'DESC' },
        take: MOST_LINES,
      });
      return rows.map((row) => trailLine(row.roomId, fromTrailRow(row)));
    });
  }
}

function trailLine(roomId: string, event: LineEvent): TrailLine {
  const { at, type } = event;
  const { number, reason, expiresAt, act, entry } = event as Partial<
    Record<'number' | 'expiresAt' | 'entry', number> & { reason: string; act: { operator: string; note: string } }
  >;
  return { roomId, at, type, number, reason, expiresAt, entry, operator: act?.operator, note: act?.note };
}
