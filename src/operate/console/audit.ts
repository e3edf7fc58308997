import { Injectable } from '@nestjs/common';
import { type EntityManager, type FindOptionsWhere, LessThan } from 'typeorm';
import type { AuditEntry, AuditPage } from '../../contract/operate/console';
import { Database } from '../../database/database';
import { OperatorActEntity } from '../../identity/operator-acts';
import { SeatActEntity } from '../../registration/entities/seat-act.entity';
import { RoomVersionEntity } from '../../room/room.entity';

/** What of a room an operator may read of a change; never the lottery's seed. */
const SHOWN_SETTINGS = [
  ...(['name', 'control', 'opensAt', 'ratePerSecond', 'capacity', 'leaseMs', 'graceMs', 'noShowMs'] as const),
  ...(['graceBeforeOpening', 'notice'] as const),
];

export interface AuditQuestion {
  /** Only what was done before, ms since the Unix epoch. */
  before?: number;
  roomId?: string;
  studentId?: string;
  limit: number;
}

type Settings = Record<string, unknown> & { archivedAt?: number; deleted?: boolean; note?: string };

/** Who did what, when and why, from every record of it: rooms, seats, and whatever else operators did. */
@Injectable()
export class Audit {
  constructor(private readonly database: Database) {}

  /** Newest first. Acts of the same millisecond are never on two pages. */
  page(question: AuditQuestion): Promise<AuditPage> {
    const { limit } = question;
    return this.database.read(async (manager) => {
      const found = (await Promise.all([ofRooms, ofSeats, ofOthers].map((read) => read(manager, question)))).flat();
      const entries = found.sort((one, other) => other.at - one.at || (one.id < other.id ? 1 : -1));
      const last = entries[limit - 1];
      if (!last || entries.length === limit) return { entries, next: null };
      const page = entries.filter(({ at }) => at >= last.at);
      return { entries: page, next: page.length < entries.length ? last.at : null };
    });
  }
}

/** One more than is shown says whether there are more. */
const newest = ({ limit }: AuditQuestion) => limit + 1;

async function ofRooms(manager: EntityManager, question: AuditQuestion): Promise<AuditEntry[]> {
  if (question.studentId !== undefined) return [];
  const where: FindOptionsWhere<RoomVersionEntity> = {
    ...(question.before !== undefined && { changedAt: LessThan(question.before) }),
    ...(question.roomId !== undefined && { roomId: question.roomId }),
  };
  const order = { changedAt: 'DESC', version: 'DESC' } as const;
  const rows = await manager.find(RoomVersionEntity, { where, order, take: newest(question) });
  const before = new Map(
    (rows.length === 0
      ? []
      : await manager.find(RoomVersionEntity, {
          where: rows.map(({ roomId, version }) => ({ roomId, version: version - 1 })),
        })
    ).map((row) => [`${row.roomId} ${row.version}`, row]),
  );
  return rows.map((row) => roomEntry(row, before.get(`${row.roomId} ${row.version - 1}`)));
}

function roomEntry(row: RoomVersionEntity, previous: RoomVersionEntity | undefined): AuditEntry {
  const { roomId, version, changedAt: at, changedBy: operator } = row;
  const after = JSON.parse(row.room) as Settings;
  const before = previous && (JSON.parse(previous.room) as Settings);
  // The one before was deleted: this is another room of the same id.
  const known = before?.deleted ? undefined : before;
  const changes = SHOWN_SETTINGS.filter((name) => known && known[name] !== after[name]).map((name) => ({
    ...{ setting: name, from: known?.[name] ?? null, to: after[name] ?? null },
  }));
  return {
    ...{ id: `room:${roomId}:${version}`, at, operator, about: 'room', roomId, version, note: after.note ?? '' },
    act: roomAct(known, after),
    changes,
  };
}

function roomAct(before: Settings | undefined, after: Settings): string {
  if (after.deleted) return 'delete';
  if (!before) return 'create';
  if ((before.archivedAt ?? 0) === (after.archivedAt ?? 0)) return 'change';
  return (after.archivedAt ?? 0) > 0 ? 'archive' : 'restore';
}

async function ofSeats(manager: EntityManager, question: AuditQuestion): Promise<AuditEntry[]> {
  if (question.roomId !== undefined) return [];
  const where: FindOptionsWhere<SeatActEntity> = {
    ...(question.before !== undefined && { doneAt: LessThan(question.before) }),
    ...(question.studentId !== undefined && { studentId: question.studentId }),
  };
  const rows = await manager.find(SeatActEntity, { where, order: { doneAt: 'DESC' }, take: newest(question) });
  return rows.map(({ id, doneAt: at, operator, act, note, termId, sectionId, studentId, details }) => ({
    ...{ id: `seats:${id}`, at, operator, about: 'seats', act, note, termId },
    ...(sectionId !== null && { sectionId }),
    ...(studentId !== null && { studentId }),
    details: JSON.parse(details) as unknown,
  }));
}

async function ofOthers(manager: EntityManager, question: AuditQuestion): Promise<AuditEntry[]> {
  const where: FindOptionsWhere<OperatorActEntity> = {
    ...(question.before !== undefined && { at: LessThan(question.before) }),
    ...(question.roomId !== undefined && { roomId: question.roomId }),
    ...(question.studentId !== undefined && { studentId: question.studentId }),
  };
  const rows = await manager.find(OperatorActEntity, { where, order: { at: 'DESC' }, take: newest(question) });
  return rows.map(({ id, at, operator, act, note, roomId, studentId, details }) => ({
    ...{ id: `operator:${id}`, at, operator, about: 'operator', act, note },
    ...(roomId !== null && { roomId }),
    ...(studentId !== null && { studentId }),
    details: JSON.parse(details) as unknown,
  }));
}
