import type { EntityManager } from 'typeorm';
import { chunksOf, groupBy } from '../../common/collections';
import { randomId } from '../../common/ids';
import { bulkInsert, placeholders } from '../../database/bulk';
import { writePolicy } from '../seats/seat-policy';
import type { SectionOutcome } from '../../contract/seats';
import type { SeatChanges, WaitlistEntry } from '../seats/seat-state';
import { isOpen } from '../seats/waitlist-state';
import type { NamedRequest } from './named-request';

/** In one statement that names each by a condition of its own: SQLite takes no more than 1,000 of those. */
const ENTRIES_AT_A_TIME = 500;

const COUNTS = ['capacity', 'taken', 'held', 'overrides', 'waiting', 'waitlist_number'] as const;

/** Writes what a batch has decided, inside the ledger's transaction, in few statements. */
export class SeatWriter {
  async save(manager: EntityManager, changes: SeatChanges): Promise<void> {
    await this.enrolments(manager, changes);
    await this.counts(manager, changes.counts);
    await this.waitlist(manager, changes);
    await this.holds(manager, changes.holds);
    for (const { termId, sectionId, policy } of changes.policies) {
      const values = [writePolicy(policy), termId, sectionId];
      await manager.query('UPDATE section SET policy = ? WHERE term_id = ? AND id = ?', values);
    }
    await this.acts(manager, changes);
  }

  async answers(
    manager: EntityManager,
    answered: readonly { request: NamedRequest; outcomes: SectionOutcome[] }[],
    now: number,
  ): Promise<void> {
    await bulkInsert(
      manager,
      'seat_request',
      answered.map(({ request, outcomes }) => ({
        student_id: request.studentId,
        request_key: request.storedKey,
        request_hash: request.requestHash,
        answer: JSON.stringify(outcomes),
        answered_at: now,
      })),
    );
  }

  private async enrolments(manager: EntityManager, { added, removed, now }: SeatChanges): Promise<void> {
    if (removed.length > 0) {
      await manager.query(
        `DELETE FROM enrolment
         WHERE ${removed.map(() => '(student_id = ? AND term_id = ? AND section_id = ?)').join(' OR ')}`,
        removed.flatMap(({ studentId, termId, sectionId }) => [studentId, termId, sectionId]),
      );
    }
    await bulkInsert(
      manager,
      'enrolment',
      added.map(({ studentId, sectionId, termId, source, admission }) => ({
        student_id: studentId,
        section_id: sectionId,
        term_id: termId,
        enrolled_at: now,
        source,
        admission_jti: admission ?? null,
      })),
    );
  }

  /** Adds to what is there instead of setting it, so that the CHECK catches any count that was decided on a wrong one. */
  private async counts(manager: EntityManager, counts: SeatChanges['counts']): Promise<void> {
    for (const termId of new Set(counts.map((count) => count.termId))) {
      await this.countsOfTerm(
        manager,
        termId,
        counts.filter((count) => count.termId === termId),
      );
    }
  }

  private async countsOfTerm(manager: EntityManager, termId: string, counts: SeatChanges['counts']): Promise<void> {
    const assignments: string[] = [];
    const values: (string | number)[] = [];
    for (const column of COUNTS) {
      const changed = counts.filter((count) => count[column] !== 0);
      if (changed.length === 0) continue;
      assignments.push(`${column} = ${column} + CASE id ${changed.map(() => 'WHEN ? THEN ?').join(' ')} ELSE 0 END`);
      values.push(...changed.flatMap((count) => [count.sectionId, count[column]]));
    }
    await manager.query(
      `UPDATE section SET ${assignments.join(', ')}, version = version + 1
       WHERE term_id = ? AND id IN (${placeholders(counts.length)})`,
      [...values, termId, ...counts.map(({ sectionId }) => sectionId)],
    );
  }

  private async waitlist(manager: EntityManager, { waitlist, now }: SeatChanges): Promise<void> {
    const moves = groupBy(waitlist.changed, ({ state, offerExpiresAt }) => `${state} ${offerExpiresAt}`);
    for (const entries of moves.values()) {
      for (const some of chunksOf(entries, ENTRIES_AT_A_TIME)) await moveEntries(manager, some, now);
    }
    await bulkInsert(
      manager,
      'waitlist_entry',
      waitlist.added.map(({ sectionId, number, studentId, termId, state, offerExpiresAt }) => ({
        section_id: sectionId,
        number,
        student_id: studentId,
        term_id: termId,
        state,
        open: isOpen(state) ? 1 : null,
        joined_at: now,
        offer_expires_at: offerExpiresAt,
        ended_at: isOpen(state) ? null : now,
      })),
    );
  }

  private async holds(manager: EntityManager, { added, removed }: SeatChanges['holds']): Promise<void> {
    if (removed.length > 0) {
      await manager.query(`DELETE FROM seat_hold WHERE id IN (${placeholders(removed.length)})`, [...removed]);
    }
    await bulkInsert(
      manager,
      'seat_hold',
      added.map(({ id, sectionId, termId, reason, studentId, dueAt }) => ({
        ...{ id, section_id: sectionId, term_id: termId, reason },
        ...{ student_id: studentId, due_at: dueAt, claimed_until: 0 },
      })),
    );
  }

  private async acts(manager: EntityManager, { acts, now }: SeatChanges): Promise<void> {
    await bulkInsert(
      manager,
      'seat_act',
      acts.map(({ act, termId, sectionId, studentId, operator, note, details }) => ({
        id: randomId(),
        term_id: termId,
        section_id: sectionId,
        student_id: studentId,
        act,
        operator,
        note,
        details: JSON.stringify(details),
        done_at: now,
      })),
    );
  }
}

/** @param entries at least one, all with the same state and end of the offer */
async function moveEntries(manager: EntityManager, entries: readonly WaitlistEntry[], now: number): Promise<void> {
  const [{ state, offerExpiresAt }] = entries as readonly [WaitlistEntry];
  await manager.query(
    `UPDATE waitlist_entry SET state = ?, open = ?, offer_expires_at = ?, ended_at = ?
     WHERE ${entries.map(() => '(term_id = ? AND section_id = ? AND number = ?)').join(' OR ')}`,
    [
      ...[state, isOpen(state) ? 1 : null, offerExpiresAt, isOpen(state) ? null : now],
      ...entries.flatMap(({ termId, sectionId, number }) => [termId, sectionId, number]),
    ],
  );
}
