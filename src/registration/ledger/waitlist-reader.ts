import type { EntityManager } from 'typeorm';
import { groupBy } from '../../common/collections';
import { pairsIn, placeholders, type RowValue } from '../../database/bulk';
import type { HoldReason, LockedSection, SeatHold, WaitlistEntry } from '../seats/seat-state';
import type { PromoteRequest } from '../seats/seat-request';
import { refOf, sectionKey, sectionPairs, type SectionRef } from '../seats/section-ref';
import type { WaitlistState } from '../seats/waitlist-state';

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
  /** By section key, up to which number everyone who waits is among the entries. */
  reach: Map<string, number>;
}

const ENTRY = `section_id AS sectionId, number AS number, student_id AS studentId, term_id AS termId, state AS state,
  offer_expires_at AS offerExpiresAt`;

/** Reads waitlists and held seats inside the ledger's transaction. */
export class WaitlistReader {
  /** Who waits next in the sections of the promotions. Certain only under the sections' locks. */
  async heads(manager: EntityManager, promotions: readonly PromoteRequest[]): Promise<WaitlistHeads> {
    const after = lowestPerSection(promotions);
    if (after.length === 0) return { entries: [], reach: new Map() };
    const one = `SELECT * FROM (SELECT ${ENTRY} FROM waitlist_entry
      WHERE term_id = ? AND section_id = ? AND state = 'waiting' AND number > ? ORDER BY number LIMIT ${PROMOTION_REACH}) AS heads`;
    const rows = await manager.query<EntryRow[]>(
      after.map(() => one).join(' UNION ALL '),
      after.flatMap((head) => [head.termId, head.sectionId, head.after]),
    );
    const entries = rows.map(toEntry);
    const numbers = groupBy(entries, sectionKey, ({ number }) => number);
    const reach = new Map(
      after.map((head) => {
        const key = sectionKey(head);
        const own = numbers.get(key) ?? [];
        return [key, own.length < PROMOTION_REACH ? Number.POSITIVE_INFINITY : Math.max(...own)];
      }),
    );
    return { entries, reach };
  }

  /**
   * The open entries of students, those of everyone who was offered a seat in one of the sections, and all of the sections
   * that are to be closed.
   */
  async open(
    manager: EntityManager,
    studentIds: string[],
    sections: readonly SectionRef[],
    closing: readonly SectionRef[],
  ): Promise<WaitlistEntry[]> {
    const parts: [sql: string, values: RowValue[]][] = [];
    if (studentIds.length > 0) {
      parts.push([`open = 1 AND student_id IN (${placeholders(studentIds.length)})`, studentIds]);
    }
    if (sections.length > 0) {
      const { sql, values } = pairsIn(manager, ['term_id', 'section_id'], sectionPairs(sections));
      parts.push([`state = 'offered' AND ${sql}`, values]);
    }
    if (closing.length > 0) {
      const { sql, values } = pairsIn(manager, ['term_id', 'section_id'], sectionPairs(closing));
      parts.push([`open = 1 AND ${sql}`, values]);
    }
    const rows = await Promise.all(
      parts.map(([where, values]) =>
        manager.query<EntryRow[]>(`SELECT ${ENTRY} FROM waitlist_entry WHERE ${where}`, values),
      ),
    );
    return rows.flat().map(toEntry);
  }

  async holds(manager: EntityManager, sections: readonly LockedSection[]): Promise<SeatHold[]> {
    const holding = sections.filter(({ held }) => held > 0).map(refOf);
    if (holding.length === 0) return [];
    const { sql, values } = pairsIn(manager, ['term_id', 'section_id'], sectionPairs(holding));
    const rows = await manager.query<(Omit<SeatHold, 'dueAt'> & { reason: HoldReason; dueAt: number | string })[]>(
      `SELECT id AS id, section_id AS sectionId, term_id AS termId, reason AS reason, student_id AS studentId,
              due_at AS dueAt
       FROM seat_hold WHERE ${sql} ORDER BY due_at, id`,
      values,
    );
    return rows.map((row) => ({ ...row, dueAt: Number(row.dueAt) }));
  }
}

/** Each entry once. */
export function distinct(entries: readonly WaitlistEntry[]): WaitlistEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.number} ${sectionKey(entry)}`, entry])).values()];
}

function lowestPerSection(promotions: readonly PromoteRequest[]): (SectionRef & { after: number })[] {
  const lowest = new Map<string, SectionRef & { after: number }>();
  for (const { termId, sectionIds, after } of promotions) {
    const head = { termId, sectionId: sectionIds[0], after };
    const known = lowest.get(sectionKey(head));
    if (!known || after < known.after) lowest.set(sectionKey(head), head);
  }
  return [...lowest.values()];
}

function toEntry(row: EntryRow): WaitlistEntry {
  return { ...row, offerExpiresAt: row.offerExpiresAt === null ? null : Number(row.offerExpiresAt) };
}
