import { Inject, Injectable, Logger, OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { chunksOf } from '../common/collections';
import { failure } from '../common/text';
import { Database } from '../database/database';
import { StudentDirectory } from '../identity/student-directory';
import { entrantsHash } from '../line/lottery';
import { LINE_STORE, LineRef, LineStore, LotteryMove } from '../line/line-store';
import { LineService } from '../line/line.service';
import type { LineListener, RoomLine } from '../line/follower/room-line';
import { ClosedList, drawnNumbers, ListReader } from './lottery-trail';
import { readEvents, readingWith } from './trail-reader';

/** Entrants in one call. */
const CHUNK = 500;

/**
 * Draws the lottery of a room when its list is closed and in the trail. Every pod may, at once or after another that
 * ended half-way: the list in the trail and the seed in the database give all of them the same numbers.
 */
@Injectable()
export class LotteryDraw implements LineListener, OnModuleInit {
  private readonly logger = new Logger('Lottery');
  private readonly drawing = new Set<RoomLine>();

  constructor(
    private readonly lines: LineService,
    private readonly database: Database,
    private readonly students: StudentDirectory,
    @Inject(LINE_STORE) private readonly store: LineStore,
  ) {}

  onModuleInit(): void {
    this.lines.listen(this);
  }

  onDrawDue(line: RoomLine): void {
    const { ref, replica, durableSequence } = line;
    if (!ref || !replica || this.drawing.has(line) || durableSequence < replica.frozenAt) return;
    this.drawing.add(line);
    this.draw(line, ref)
      .catch((error: unknown) =>
        this.logger.warn({ code: 'draw_deferred', room: line.room.id, ...failure(error) }, 'A room is drawn later'),
      )
      .finally(() => this.drawing.delete(line));
  }

  private async draw(line: RoomLine, ref: LineRef): Promise<void> {
    const { list, moves } = await this.database.read((manager) => this.readMoves(manager, line, ref));
    if (!list) return;
    for (const chunk of chunksOf(moves, CHUNK)) {
      await line.call(() => this.store.draw(ref, chunk));
    }
    const hash = entrantsHash(list.entrants);
    await line.call(() => this.store.draw(ref, [], hash));
    const fields = { code: 'lottery_drawn', room: ref.roomId, entrants: list.entrants.length, hash };
    this.logger.log(fields, 'The entrants of a room are drawn');
  }

  /** In the order of the numbers. A person whose mapping was deleted is nobody any more, and is left out. */
  private async readMoves(
    manager: EntityManager,
    { room }: RoomLine,
    ref: LineRef,
  ): Promise<{ list?: ClosedList; moves: LotteryMove[] }> {
    const reader = new ListReader();
    await readEvents(readingWith(manager), ref, (event) => reader.take(event));
    const { list } = reader;
    if (!list) return { moves: [] };
    const names = new Map(list.entrants.map(({ entry, student }) => [entry, student]));
    const moves: LotteryMove[] = [];
    for (const chunk of chunksOf([...drawnNumbers(room.id, room.lotterySeed, list)], CHUNK)) {
      const pseudonyms = chunk.map(([entry]) => names.get(entry)!);
      const ids = await this.students.byPseudonyms(manager, pseudonyms);
      for (const [entry, number] of chunk) {
        const studentId = ids.get(names.get(entry)!);
        if (studentId !== undefined) moves.push({ studentId, entry, number });
      }
    }
    return { list, moves };
  }
}
