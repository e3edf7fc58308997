import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TERM_TABLES, type TermLife, type TermCounts } from '../../contract/operate/terms';
import { DomainError } from '../../common/domain-error';
import { failure } from '../../common/text';
import { Database } from '../../database/database';
import { deleteOf } from '../../database/purge';
import { readRooms } from '../../room/room-table';
import { CatalogueSearch } from '../catalogue/catalogue-search';
import { EnrolmentEvents } from '../ports';
import { TermEntity } from '../entities/term.entity';
import type { OperatorAct } from '../seats/seat-request';
import { lockTerm } from '../entities/term-row';
import { SeatStops } from './seat-stops';
import { recordTermAct } from './term-acts';

/** The end of terms: put away, so that no student finds them and no seat changes, and deleted. */
@Injectable()
export class TermArchive {
  private readonly logger = new Logger('Terms');

  constructor(
    private readonly database: Database,
    private readonly stops: SeatStops,
    private readonly events: EnrolmentEvents,
    private readonly search: CatalogueSearch,
  ) {}

  /** All terms, by id. @throws DomainError `database_unavailable` */
  async list(): Promise<TermLife[]> {
    const terms = await this.database.read((manager) => manager.find(TermEntity, { order: { id: 'ASC' } }));
    return terms.map(toView);
  }

  /**
   * Puts a term away: students do not find it any more, and its seats change by nobody's hand. Exports are as before.
   * When it resolves, what was under way is over, too. Twice is no error.
   *
   * @throws DomainError `conflict` while a room leads to it (with `details.roomIds`), `not_found`, `database_unavailable`
   */
  async archive(termId: string, act: OperatorAct): Promise<TermLife> {
    const view = await this.database.write(async (manager) => {
      const term = await lockTerm(this.database, manager, termId);
      if (term.archivedAt > 0) return toView(term);
      await assertNoRoom(manager, termId);
      const archivedAt = await this.database.now(manager);
      await manager.update(TermEntity, { id: termId }, { archivedAt });
      await recordTermAct(manager, 'archive', { termId, doneAt: archivedAt }, act);
      return toView({ ...term, archivedAt });
    });
    await this.stops.awaitThoseUnderWay(termId);
    await this.changed(termId, 'archived', act);
    return view;
  }

  /**
   * Takes an archived term back as it was. Offers of seats that ran out in the meantime have ended.
   *
   * @throws DomainError `conflict` when it is being deleted, `not_found`, `database_unavailable`
   */
  async restore(termId: string, act: OperatorAct): Promise<TermLife> {
    const view = await this.database.write(async (manager) => {
      const term = await lockTerm(this.database, manager, termId);
      if (term.deletingSince > 0) {
        throw new DomainError('conflict', `Term "${termId}" is being deleted: only a part is left.`, { termId });
      }
      if (term.archivedAt === 0) return toView(term);
      await manager.update(TermEntity, { id: termId }, { archivedAt: 0 });
      await recordTermAct(manager, 'restore', { termId, doneAt: await this.database.now(manager) }, act);
      return toView({ ...term, archivedAt: 0 });
    });
    await this.changed(termId, 'restored', act);
    return view;
  }

  /**
   * Deletes an archived term with all that belongs to it, in many short transactions. What operators did to it stays on
   * record, as do who deleted it, why, and how many rows there were. When it is broken off, the term stays archived, and
   * can only be deleted again.
   *
   * @throws DomainError `conflict` when it is not archived, `not_found`, `database_unavailable`
   */
  async remove(termId: string, act: OperatorAct): Promise<TermCounts> {
    const counts = await this.database.write(async (manager) => {
      const { archivedAt, deletingSince } = await lockTerm(this.database, manager, termId);
      if (archivedAt === 0) {
        throw new DomainError('conflict', `Term "${termId}" is not archived: archive it first.`, { termId });
      }
      const now = await this.database.now(manager);
      const found = await count(manager, termId);
      await manager.update(TermEntity, { id: termId }, { deletingSince: deletingSince || now });
      await recordTermAct(manager, 'delete', { termId, doneAt: now, details: found }, act);
      return found;
    });
    for (const table of TERM_TABLES) await deleteOf(this.database, table, 'term_id', termId);
    await this.database.write((manager) => manager.delete(TermEntity, { id: termId }));
    await this.changed(termId, 'deleted', act);
    await this.stops.refresh().catch((error: unknown) => {
      this.logger.debug({ code: 'stops_stale', ...failure(error) }, 'Stops are read again later');
    });
    return counts;
  }

  private async changed(termId: string, what: string, { operator, note }: OperatorAct): Promise<void> {
    this.logger.warn({ code: `term_${what}`, term: termId, operator, note }, 'The life of a term has changed');
    this.events.publish({ termId, changes: [], sections: [] });
    await this.search.renewed(termId);
  }
}

/** Who makes or restores a room for the term holds the term's row until it is there. */
async function assertNoRoom(manager: EntityManager, termId: string): Promise<void> {
  const rooms = await readRooms(manager);
  const open = rooms.filter((room) => room.termId === termId && !room.site && room.archivedAt === 0);
  if (open.length === 0) return;
  const roomIds = open.map(({ id }) => id);
  throw new DomainError('conflict', `Rooms lead to term "${termId}": archive ${roomIds.join(', ')} first.`, {
    ...{ termId, roomIds },
  });
}

async function count(manager: EntityManager, termId: string): Promise<TermCounts> {
  const counts: Partial<TermCounts> = {};
  for (const table of TERM_TABLES) {
    const sql = `SELECT COUNT(*) AS found FROM ${table} WHERE term_id = ?`;
    const [row] = await manager.query<{ found: number | string }[]>(sql, [termId]);
    counts[table] = Number(row?.found);
  }
  return counts as TermCounts;
}

function toView({ id, name, archivedAt, deletingSince }: TermEntity): TermLife {
  return { id, name, archivedAt: archivedAt || null, deletingSince: deletingSince || null };
}
