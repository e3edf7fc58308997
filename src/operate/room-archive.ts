import { Inject, Injectable, Logger } from '@nestjs/common';
import { sleep } from '../common/clock';
import { DomainError } from '../common/domain-error';
import { failure } from '../common/text';
import { Database } from '../database/database';
import { deleteOf } from '../database/purge';
import { lineError } from '../line/line-error';
import { LINE_STORE, LineStore, OperatorAct } from '../line/line-store';
import { LineService } from '../line/line.service';
import type { Room } from '../room/room';
import { RoomService } from '../room/room.service';
import { LineEpochEntity } from '../trail/trail.entity';

/** How long a room that was just closed may take to end its tickets, ms. */
const END_WAIT_MS = 5_000;
const LOOK_MS = 100;

/** What the upper floors know of a room; the epochs last, for they say where its lines are. */
const TABLES = ['trail', 'trail_checkpoint', 'admission', 'line_epoch'];

/** The end of rooms: put away, so that nothing of them costs anything but their rows, and deleted. */
@Injectable()
export class RoomArchive {
  private readonly logger = new Logger('Rooms');

  constructor(
    private readonly rooms: RoomService,
    private readonly lines: LineService,
    @Inject(LINE_STORE) private readonly store: LineStore,
    private readonly database: Database,
  ) {}

  /**
   * Lets go of a closed room's line, in this pod, in the others, and in the store. Trail and versions stay.
   *
   * @throws DomainError `conflict` when it is not closed, `busy` while its tickets still end, `line_unavailable`,
   * `room_not_found`, `database_unavailable`
   */
  async archive(roomId: string, { operator, note }: OperatorAct): Promise<Room> {
    // Another pod may just have closed it.
    await this.rooms.refresh();
    if (this.lines.has(roomId)) await this.untilEnded(roomId);
    const room = await this.rooms.archive(roomId, operator, note);
    await this.freeLines(roomId);
    return room;
  }

  /**
   * Deletes an archived room with its trail and admissions; who did it, and why, stays on record. When it is broken off,
   * the room is still there, and can be deleted again. Its lines go first: a room that is made anew under the same id would
   * find one of them where its own has to be, and nobody would know any more which one that is.
   *
   * @throws DomainError `conflict` when it is not archived, `room_not_found`, `line_unavailable`, `database_unavailable`
   */
  async remove(roomId: string, { operator, note }: OperatorAct): Promise<void> {
    if (this.lines.has(roomId)) {
      throw new DomainError('conflict', `Room "${roomId}" is not archived: archive it first.`, { roomId });
    }
    const archived = await this.rooms.archived();
    if (!archived.some(({ id }) => id === roomId)) {
      throw new DomainError('room_not_found', `There is no room "${roomId}".`, { roomId });
    }
    const { away } = await this.freeLines(roomId);
    if (away) throw away;
    for (const table of TABLES) await deleteOf(this.database, table, 'room_id', roomId);
    await this.rooms.remove(roomId, operator, note);
  }

  private async untilEnded(roomId: string): Promise<void> {
    const line = this.lines.line(roomId);
    if (line.room.control !== 'closed') return;
    for (let waited = 0; !line.isOver; waited += LOOK_MS) {
      if (waited >= END_WAIT_MS) {
        if (!line.available) throw lineError('line_unavailable');
        throw new DomainError('busy', `The tickets of room "${roomId}" still end.`, { roomId });
      }
      await sleep(LOOK_MS);
    }
  }

  /**
   * What the store is not told now it forgets by itself after some days, for nobody ticks it any more. Resolves to why it
   * could not be told.
   */
  private async freeLines(roomId: string): Promise<{ away?: DomainError }> {
    const epochs = await this.database.read((manager) => manager.findBy(LineEpochEntity, { roomId }));
    let away: DomainError | undefined;
    for (const { epoch, incarnation } of epochs) {
      await this.store.discard({ roomId, epoch, incarnation }).catch((error: unknown) => {
        if (error instanceof DomainError && error.code === 'line_unavailable') away = error;
        const fields = { code: 'line_not_freed', room: roomId, ...failure(error) };
        this.logger.warn(fields, 'The line of a room is freed later');
      });
    }
    return { away };
  }
}
