import { randomUUID } from 'node:crypto';
import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { TERM } from '../../../load/support/small-term';
import { Database, type ReadOptions } from '../../../src/database/database';
import { StudentEntity } from '../../../src/identity/student.entity';
import {
  AdmissionCheck,
  type AdmissionClaim,
  type AdmissionLife,
  Outbox,
  EnrolmentEvents,
} from '../../../src/registration/ports';
import { registrationEntities } from '../../../src/registration/entities';
import { CatalogueSearch } from '../../../src/registration/catalogue/catalogue-search';
import { TermWatch } from '../../../src/registration/catalogue/term-watch';
import { SeatBatch } from '../../../src/registration/ledger/seat-batch';
import type { BatchSettings } from '../../../src/registration/seats/batch-state';
import { type LedgerOptions, SeatLedger } from '../../../src/registration/ledger/seat-ledger';
import type { SectionOutcome } from '../../../src/contract/seats';
import {
  type AcceptOfferRequest,
  type CommitRequest,
  type ConfigureRequest,
  type DropRequest,
  type JoinWaitlistRequest,
  type LeaveWaitlistRequest,
  NOBODY,
  type OverrideRequest,
  type SwapRequest,
  type UnenrolRequest,
} from '../../../src/registration/seats/seat-request';
import { SeatStore } from '../../../src/registration/ledger/seat-store';
import type { SeatNotice } from '../../../src/registration/seats/seat-news';

export { addSections, addStudents, makeTerm, TERM, type TestSection } from '../../../load/support/small-term';

export const ENTITIES = [...registrationEntities, StudentEntity];

/** Every admission lives, except those said here. */
export class FakeAdmissions extends AdmissionCheck {
  readonly lives = new Map<string, AdmissionLife>();

  liveAdmissions(_: EntityManager, claims: readonly AdmissionClaim[]): Promise<Map<string, AdmissionLife>> {
    return Promise.resolve(new Map(claims.map(({ jti }) => [jti, this.lives.get(jti) ?? 'live'])));
  }
}

/** The ledger's statements without the one thing that keeps two pods apart. */
export class LocklessStore extends SeatStore {
  protected override locked<T extends ObjectLiteral>(query: SelectQueryBuilder<T>): SelectQueryBuilder<T> {
    return query;
  }
}

/** Keeps what it was given, also by transactions that were run again. */
export class FakeOutbox extends Outbox {
  readonly notices: SeatNotice[] = [];

  add(_: EntityManager, notices: readonly SeatNotice[]): Promise<void> {
    this.notices.push(...notices);
    return Promise.resolve();
  }
}

interface LedgerParts {
  options?: Partial<LedgerOptions>;
  admissions?: AdmissionCheck;
  events?: EnrolmentEvents;
  outbox?: Outbox;
  store?: SeatStore;
  settings?: Partial<BatchSettings>;
}

export function makeLedger(database: Database, parts: LedgerParts = {}): SeatLedger {
  const { options, admissions = new FakeAdmissions(), events = new EnrolmentEvents() } = parts;
  const { store = new SeatStore(database.kind), outbox = new FakeOutbox() } = parts;
  const settings = { ...TEST_SETTINGS, ...parts.settings };
  return new SeatLedger(database, new SeatBatch({ store, admissions, outbox, settings }), events, options);
}

/** The search of a pod that looks for changes of terms only when it is asked to. */
export const makeSearch = (database: Database, events = new EnrolmentEvents()): CatalogueSearch =>
  new CatalogueSearch(database, new TermWatch(database), events);

export const TEST_SETTINGS: BatchSettings = {
  timeZone: 'Asia/Seoul',
  promotionPatienceMs: 0,
  random: () => 0.5,
  barred: () => undefined,
};

/** Asks for seats, under a new key unless one is given. */
export function commit(studentId: string, sectionIds: string[], more: Partial<CommitRequest> = {}): CommitRequest {
  const idempotencyKey = randomUUID();
  return { kind: 'commit', studentId, termId: TERM, sectionIds, admission: undefined, idempotencyKey, ...more };
}

export function drop(studentId: string, sectionIds: string[], more: Partial<DropRequest> = {}): DropRequest {
  return { kind: 'drop', studentId, termId: TERM, sectionIds, idempotencyKey: randomUUID(), ...more };
}

/** `enrolled`, `dropped`, or the code of the refusal. */
export const inShort = (outcomes: SectionOutcome[]): string[] =>
  outcomes.map(({ outcome, error }) => error?.code ?? outcome);

export interface SeatCount {
  taken: number;
  version: number;
  /** Rows of the enrolment table. */
  enrolled: number;
}

export function seatsOf(database: Database, sectionId: string): Promise<SeatCount> {
  return database.read(async (manager) => {
    const [row] = await manager.query<{ taken: number; version: number; enrolled: number | string }[]>(
      `SELECT taken, version, (SELECT COUNT(*) FROM enrolment WHERE section_id = s.id) AS enrolled
       FROM section s WHERE id = ?`,
      [sectionId],
    );
    return { taken: Number(row?.taken), version: Number(row?.version), enrolled: Number(row?.enrolled) };
  });
}

type Sections = readonly string[];

export function swap(studentId: string, dropped: string, taken: string, more: Partial<SwapRequest> = {}): SwapRequest {
  const idempotencyKey = randomUUID();
  const sectionIds: [string, string] = [dropped, taken];
  return { kind: 'swap', studentId, termId: TERM, sectionIds, admission: undefined, idempotencyKey, ...more };
}

export function join(studentId: string, sectionIds: Sections): JoinWaitlistRequest {
  const idempotencyKey = randomUUID();
  return { kind: 'waitlist_join', studentId, termId: TERM, sectionIds, admission: undefined, idempotencyKey };
}

export function leave(studentId: string, sectionIds: Sections): LeaveWaitlistRequest {
  return { kind: 'waitlist_leave', studentId, termId: TERM, sectionIds, idempotencyKey: randomUUID() };
}

export function accept(studentId: string, sectionIds: Sections): AcceptOfferRequest {
  return { kind: 'waitlist_accept', studentId, termId: TERM, sectionIds, idempotencyKey: randomUUID() };
}

export function configure(sectionId: string, change: Partial<ConfigureRequest>): ConfigureRequest {
  const act = { operator: 'kim', note: '' };
  const base = { studentId: NOBODY, termId: TERM, sectionIds: [sectionId] as [string], idempotencyKey: randomUUID() };
  return { kind: 'configure', ...base, act, ...change };
}

export function override(studentId: string, sectionId: string, note = 'accommodation'): OverrideRequest {
  const act = { operator: 'kim', note };
  return { kind: 'override', studentId, termId: TERM, sectionIds: [sectionId], act, idempotencyKey: randomUUID() };
}

export function unenrol(studentId: string, sectionId: string, note = 'no prerequisite'): UnenrolRequest {
  return { ...override(studentId, sectionId, note), kind: 'unenrol' };
}

export interface SectionSheet {
  capacity: number;
  taken: number;
  held: number;
  overrides: number;
  waiting: number;
  /** Who has a seat, by id. */
  students: string[];
  /** Who waits or was offered a seat, in order. */
  list: string[];
  /** What seats are held for. */
  holds: string[];
}

/** What the outbox says that happened, in order. */
export async function noticesOf(database: Database): Promise<Pick<SeatNotice, 'studentId' | 'kind' | 'sectionId'>[]> {
  const rows = await database.read((manager) =>
    manager.query<{ studentId: string; notices: string }[]>(
      'SELECT student_id AS studentId, notices AS notices FROM outbox ORDER BY id',
    ),
  );
  return rows.flatMap(({ studentId, notices }) =>
    (JSON.parse(notices) as Pick<SeatNotice, 'kind' | 'sectionId'>[]).map((notice) => ({ studentId, ...notice })),
  );
}

/** All that the database says of one section. */
export function sheetOf(database: Database, sectionId: string): Promise<SectionSheet> {
  return database.read(async (manager) => {
    const list = (sql: string): Promise<Record<string, string | number>[]> => manager.query(sql, [sectionId]);
    const [counts] = await list('SELECT capacity, taken, held, overrides, waiting FROM section WHERE id = ?');
    const students = await list('SELECT student_id AS id FROM enrolment WHERE section_id = ? ORDER BY student_id');
    const turns = await list(
      `SELECT student_id AS id, state AS state FROM waitlist_entry WHERE section_id = ? AND open = 1 ORDER BY number`,
    );
    const holds = await list('SELECT reason AS reason FROM seat_hold WHERE section_id = ? ORDER BY reason');
    return {
      ...(counts as unknown as SectionSheet),
      students: students.map(({ id }) => String(id)),
      list: turns.map(({ id, state }) => (state === 'waiting' ? String(id) : `${id} ${state}`)),
      holds: holds.map(({ reason }) => String(reason)),
    };
  });
}

/** Sets policies as an operator would; in force at once. */
export async function setTermPolicy(database: Database, policy: object): Promise<void> {
  const json = JSON.stringify(policy);
  await database.write((manager) => manager.query('UPDATE term SET policy = ? WHERE id = ?', [json, TERM]));
}

/** A database whose clock can be put forward; everything else is the real one's. */
export class ShiftedDatabase extends Database {
  readonly kind;
  offsetMs = 0;

  constructor(private readonly inner: Database) {
    super();
    this.kind = inner.kind;
  }

  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.inner.write(work);
  }

  read<T>(work: (manager: EntityManager) => Promise<T>, options?: ReadOptions): Promise<T> {
    return this.inner.read(work, options);
  }

  async now(manager: EntityManager): Promise<number> {
    return (await this.inner.now(manager)) + this.offsetMs;
  }

  migrate(): Promise<void> {
    return this.inner.migrate();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
