import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { MailLanguage } from '../contract/identity';
import { chunksOf } from '../common/collections';
import { randomId } from '../common/ids';
import { placeholders } from '../database/bulk';
import { Database } from '../database/database';
import type { Student } from './student';
import { StudentEntity } from './student.entity';

/** Rows or ids in one statement. */
const BULK = 500;
/** Rows that are changed in one transaction, beside those of students who take seats meanwhile. */
const FEW = 20;

/** What a list says of a student. */
type Listed = { studentId: string } & Partial<Pick<Student, 'name' | 'email' | 'classYear'>>;

interface Batch {
  students: Map<string, Student>;
  done: Promise<void>;
}

/** The students we know, and the pseudonyms under which the trail knows them. */
@Injectable()
export class StudentDirectory {
  /** Filling up while another batch is written. */
  private next?: Batch;
  private writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /**
   * Makes the student known, or takes over name, e-mail, class year and language. Calls that come while the database is
   * busy with earlier ones go into one statement together: at the opening everybody signs in at once.
   *
   * @throws DomainError `database_unavailable`
   */
  async upsert(student: Student): Promise<void> {
    let batch = this.next;
    if (!batch || batch.students.size >= BULK) {
      const students = new Map<string, Student>();
      batch = { students, done: this.writeAfterThoseBefore(students) };
      this.next = batch;
    }
    batch.students.set(student.id, student);
    await batch.done;
  }

  /**
   * Takes over name, e-mail and class year of those who are known, where a list says them; who is not known stays so.
   * Students in the order of their ids, as everybody locks them, and few at once, so that nobody waits long for them.
   *
   * @param goOn asked before each part
   * @returns whether it went to the end
   * @throws DomainError `database_unavailable`: some may have been taken over then
   */
  async bringInLine(listed: readonly Listed[], goOn = () => true): Promise<boolean> {
    const byId = new Map(listed.map((entry) => [entry.studentId, entry]));
    for (const ids of chunksOf([...byId.keys()].sort(), BULK)) {
      if (!goOn()) return false;
      const rows = await this.database.read((manager) => manager.findBy(StudentEntity, { id: In(ids) }));
      const changes = rows
        .map((row) => ({ id: row.id, changed: changedBy(row, byId.get(row.id)) }))
        .filter(({ changed }) => Object.keys(changed).length > 0)
        .sort(inOrder);
      for (const few of chunksOf(changes, FEW)) {
        if (!goOn()) return false;
        await this.change(few);
      }
    }
    return true;
  }

  private async change(changes: readonly { id: string; changed: Partial<StudentEntity> }[]): Promise<void> {
    await this.database.write(async (manager) => {
      for (const { id, changed } of changes) await manager.update(StudentEntity, { id }, changed);
    });
  }

  async find(id: string): Promise<Student | undefined> {
    const row = await this.database.read((manager) => manager.findOneBy(StudentEntity, { id }));
    return row ? toStudent(row) : undefined;
  }

  /** Pseudonyms by student id; who is not known (any more) is not in it. */
  async pseudonyms(manager: EntityManager, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await inBulk(ids, (some) => namesBy(manager, 'id', some));
    return new Map(rows.map(({ id, pseudonym }) => [id, pseudonym]));
  }

  /** Student ids by pseudonym; who was forgotten is not in it. */
  async byPseudonyms(manager: EntityManager, pseudonyms: readonly string[]): Promise<Map<string, string>> {
    const rows = await inBulk(pseudonyms, (some) => namesBy(manager, 'pseudonym', some));
    return new Map(rows.map(({ id, pseudonym }) => [pseudonym, id]));
  }

  /**
   * Deletes who is behind a pseudonym: the trail keeps its rows and can no longer say whose they are. A student who
   * signs in again gets another pseudonym. Resolves to whether there was anything to forget.
   */
  async forget(id: string): Promise<boolean> {
    return this.database.write(async (manager) => {
      const known = await manager.existsBy(StudentEntity, { id });
      await manager.delete(StudentEntity, { id });
      return known;
    });
  }

  private writeAfterThoseBefore(students: Map<string, Student>): Promise<void> {
    const turn = this.writing.then(() => {
      if (this.next?.students === students) this.next = undefined;
      return this.write([...students.values()]);
    });
    // The next batch takes its turn whatever becomes of this one, whose callers hear of it by themselves.
    this.writing = turn.catch(() => undefined);
    return turn;
  }

  private async write(students: readonly Student[]): Promise<void> {
    const createdAt = this.database.clock.now();
    const rows = students.map((student) => ({ ...toRow(student), pseudonym: randomId(), createdAt }));
    // Rows in one order for all pods: two of them never wait for each other crosswise.
    rows.sort(inOrder);
    await this.database.write((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(StudentEntity)
        .values(rows)
        .orUpdate(['name', 'email', 'class_year', 'language'], ['id'])
        .updateEntity(false)
        .execute(),
    );
  }
}

/** Without entities: a line that moves fast asks for thousands in a second. */
function namesBy(
  manager: EntityManager,
  column: 'id' | 'pseudonym',
  values: string[],
): Promise<{ id: string; pseudonym: string }[]> {
  return manager.query(`SELECT id, pseudonym FROM student WHERE ${column} IN (${placeholders(values.length)})`, values);
}

/** The order in which everybody locks students. */
const inOrder = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);

async function inBulk<T>(values: readonly string[], find: (some: string[]) => Promise<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for (const some of chunksOf(values, BULK)) rows.push(...(await find(some)));
  return rows;
}

function changedBy(row: StudentEntity, listed: Partial<Listed> = {}): Partial<StudentEntity> {
  const changed: Partial<StudentEntity> = {};
  for (const column of ['name', 'email', 'classYear'] as const) {
    const value = listed[column];
    if (value !== undefined && value !== row[column]) changed[column] = value;
  }
  return changed;
}

function toRow({ id, name, email, classYear, language }: Student): Omit<StudentEntity, 'pseudonym' | 'createdAt'> {
  return { id, name, email: email ?? null, classYear: classYear ?? null, language };
}

function toStudent({ id, name, email, classYear, language }: StudentEntity): Student {
  return {
    id,
    name,
    email: email ?? undefined,
    classYear: classYear ?? undefined,
    language: language as MailLanguage,
  };
}
