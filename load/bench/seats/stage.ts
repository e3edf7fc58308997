import { bulkInsert } from '../../../src/database/bulk';
import type { Database } from '../../../src/database/database';
import { AdmissionEntity } from '../../../src/admission/admission.entity';
import { StudentEntity } from '../../../src/identity/student.entity';
import { registrationEntities } from '../../../src/registration/entities';
import type { CommitRequest } from '../../../src/registration/seats/seat-request';
import { addSections, addStudents, makeTerm, TERM } from '../../support/small-term';
import type { SeatSeeker } from './contest';

export const STAGE_ENTITIES = [...registrationEntities, StudentEntity, AdmissionEntity];

/** The one section that everybody wants. */
const HOT_SECTION = 'hot';

/** A student asks for a seat in it. */
export function hotCommit({ studentId, admission, key }: SeatSeeker): CommitRequest {
  return { kind: 'commit', studentId, termId: TERM, sectionIds: [HOT_SECTION], admission, idempotencyKey: key };
}

/** What every student has before: the rules have something to compare with. */
const EARLIER_SECTION = 'earlier';

const DAY_MS = 86_400_000;

/** What the tables say after a contest. */
interface SeatTruth {
  taken: number;
  enrolled: number;
  /** Stored answers. */
  answers: number;
  /** Mails to be sent. */
  mails: number;
}

/** The database of the bench: students inside, each with one enrolment, and the hot section. */
export class Stage {
  readonly studentIds: string[] = [];
  private round = 0;

  constructor(private readonly database: Database) {}

  async build(students: number): Promise<void> {
    await makeTerm(this.database, [{ id: EARLIER_SECTION, capacity: 1_000_000, meetings: [[1, 540, 600]] }]);
    await addSections(this.database, [
      { id: HOT_SECTION, capacity: 0, meetings: [2, 4].map((day): [number, number, number] => [day, 540, 600]) },
    ]);
    this.studentIds.push(...(await addStudents(this.database, students)));
    const now = Date.now();
    const row = { room_id: 'bench', epoch: 1, admitted_at: now, expires_at: now + DAY_MS };
    await this.database.write((manager) =>
      bulkInsert(
        manager,
        'admission',
        this.studentIds.map((id, index) => ({
          ...{ jti: `admission-${id}`, student_id: id, number: index + 1, sequence: index + 1 },
          ...row,
          ...{ ended_at: null, end_reason: null },
        })),
      ),
    );
  }

  /** Everybody gives the seat back; the hot section gets this capacity. @returns the students, with new requests */
  async reset(capacity: number): Promise<SeatSeeker[]> {
    this.round += 1;
    await this.database.write(async (manager) => {
      for (const table of ['enrolment', 'seat_request', 'outbox']) await manager.query(`TRUNCATE ${table}`);
      await manager.query(
        `INSERT INTO enrolment (student_id, section_id, term_id, enrolled_at, source)
         SELECT id, '${EARLIER_SECTION}', '${TERM}', 0, 'commit' FROM student`,
      );
      await manager.query(`UPDATE section SET taken = 0, capacity = ? WHERE id = '${HOT_SECTION}'`, [capacity]);
    });
    const { round } = this;
    return this.studentIds.map((id) => ({ studentId: id, admission: `admission-${id}`, key: `${round} ${id}` }));
  }

  truth(): Promise<SeatTruth> {
    return this.database.read(async (manager) => {
      const [row] = await manager.query<Record<keyof SeatTruth, string | number>[]>(
        `SELECT taken, (SELECT COUNT(*) FROM enrolment WHERE section_id = s.id) AS enrolled,
                (SELECT COUNT(*) FROM seat_request) AS answers, (SELECT COUNT(*) FROM outbox) AS mails
         FROM section s WHERE id = '${HOT_SECTION}'`,
      );
      if (!row) throw new Error('the hot section is gone');
      const { taken, enrolled, answers, mails } = row;
      return {
        taken: Number(taken),
        enrolled: Number(enrolled),
        answers: Number(answers),
        mails: Number(mails),
      };
    });
  }
}
