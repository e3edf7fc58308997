import type { EntityManager } from 'typeorm';
import { placeholders } from '../../database/bulk';
import type { HoldReason } from '../entities/seat-hold.entity';
import type { PromoteRequest } from '../ledger/seat-request';
import type { LockedSection, SeatHold, WaitlistEntry } from '../ledger/seat-state';
import type { WaitlistState } from './waitlist-state';

/** How many of those who wait one promotion asks; a seat that none of them can have goes on to the next so many. */
const PROMOTION_REACH = 16;

interface EntryRow {
  sectionId: string;
  number: number;
  studentId: string;
  termId: string;
  state: WaitlistState;
  offerExpiresAt: number | string | null;
}

export interface WaitlistHeads {
  entries: WaitlistEntry[];
  /** Per section, up to which number everyone who waits is among the entries. */
  reach: Map<string, number>;
}

const ENTRY = `section_id AS sectionId, number AS number, student_id AS studentId, term_id AS termId, state AS state,
  offer_expires_at AS offerExpiresAt`;

/** Reads waitlists and held seats inside the ledger's transaction. */
export class WaitlistReader {
  /** Who waits next in the sections of the promotions. Certain only under the sections' locks. */
  async heads(manager: EntityManager, promotions: readonly PromoteRequest[]): Promise<WaitlistHeads> {
    const after = lowestPerSection(promotions);
    if (after.size === 0) return { entries: [], reach: new Map() };
    const one = `SELECT * FROM (SELECT ${ENTRY} FROM waitlist_entry
      WHERE section_id = ? AND state = 'waiting' AND number > ? ORDER BY number LIMIT ${PROMOTION_REACH}) AS heads`;
    const rows = await manager.query<EntryRow[]>([...after].map(() => one).join(' UNION ALL '), [...after].flat());
    const entries = rows.map(toEntry);
    const reach = new Map(
      [...after.keys()].map((id) => {
        const own = entries.filter(({ sectionId }) => sectionId === id).map(({ number }) => number);
        return [id, own.length < PROMOTION_REACH ? Number.POSITIVE_INFINITY : Math.max(...own)];
      }),
    );
    return { entries, reach };
  }

  /** The open entries of students, and those of everyone who was offered a seat in one of the sections. */
  async open(manager: EntityManager, studentIds: string[], sectionIds: string[]): Promise<WaitlistEntry[]> {
    const parts: [sql: string, values: string[]][] = [];
    if (studentIds.length > 0) {
      parts.push([`open = 1 AND student_id IN (${placeholders(studentIds.length)})`, studentIds]);
    }
    if (sectionIds.length > 0) {
      parts.push([`state = 'offered' AND section_id IN (${placeholders(sectionIds.length)})`, sectionIds]);
    }
    const rows = await Promise.all(
      parts.map(([where, values]) =>
        manager.query<EntryRow[]>(`SELECT ${ENTRY} FROM waitlist_entry WHERE ${where}`, values),
      ),
    );
    return rows.flat().map(toEntry);
  }

  async holds(manager: EntityManager, sections: readonly LockedSection[]): Promise<SeatHold[]> {
    const ids = sections.filter(({ held }) => held > 0).map(({ id }) => id);
    if (ids.length === 0) return [];
    const rows = await manager.query<(Omit<SeatHold, 'dueAt'> & { reason: HoldReason; dueAt: number | string })[]>(
      `SELECT id AS id, section_id AS sectionId, term_id AS termId, reason AS reason, student_id AS studentId,
              due_at AS dueAt
       FROM seat_hold WHERE section_id IN (${placeholders(ids.length)}) ORDER BY due_at, id`,
      ids,
    );
    return rows.map((row) => ({ ...row, dueAt: Number(row.dueAt) }));
  }
}

/** Each entry once. */
export function distinct(entries: readonly WaitlistEntry[]): WaitlistEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.sectionId} ${entry.number}`, entry])).values()];
}

function lowestPerSection(promotions: readonly PromoteRequest[]): Map<string, number> {
  const after = new Map<string, number>();
  for (const promotion of promotions) {
    const [id] = promotion.sectionIds;
    after.set(id, Math.min(after.get(id) ?? promotion.after, promotion.after));
  }
  return after;
}

function toEntry(row: EntryRow): WaitlistEntry {
  return { ...row, offerExpiresAt: row.offerExpiresAt === null ? null : Number(row.offerExpiresAt) };
}
