import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { randomId } from '../common/ids';
import { Database } from '../database/database';
import { StudentDirectory } from '../identity/student-directory';
import { LineKeeper } from '../line/line-keeper';
import { lineSettings } from '../line/line-settings';
import { LINE_LIMITS, LINE_STORE, LineRef, LineStore, RestoredTicket } from '../line/line-store';
import type { Room } from '../room/room';
import type { FoldedTicket } from './fold';
import { currentEpoch, foldEpoch, readCheckpoint } from './trail-reader';
import { LineEpochEntity, TrailCheckpointEntity } from './trail.entity';

/** Tickets that go to the store or the database in one call. */
const CHUNK = 500;

/**
 * Brings a room's line to life: the first time, and again whenever the store has lost it.
 *
 * One pod wins the next epoch by a row in the database, together with a checkpoint of every ticket that still lives by
 * the trail. Filling the store from the checkpoint can then be done, and repeated, by any pod.
 */
@Injectable()
export class Recovery extends LineKeeper {
  private readonly logger = new Logger('Recovery');

  constructor(
    @Inject(LINE_STORE) private readonly store: LineStore,
    private readonly database: Database,
    private readonly students: StudentDirectory,
  ) {
    super();
  }

  async ensure(room: Room): Promise<LineRef> {
    const current = await this.database.read((manager) => currentEpoch(manager, room.id));
    if (current?.phase === 'ready' && (await this.store.holds(refOf(current)))) return refOf(current);
    const epoch = current?.phase === 'building' ? current : await this.beginEpoch(room, current);
    await this.fill(room, epoch);
    return refOf(epoch);
  }

  /** Makes the epoch after `lost`, unless another pod already has; gives the one that is current afterwards. */
  private async beginEpoch(room: Room, lost: LineEpochEntity | undefined): Promise<LineEpochEntity> {
    return this.database.write(async (manager) => {
      const current = await currentEpoch(manager, room.id, { lock: this.database.kind === 'mysql' });
      if ((current?.epoch ?? 0) !== (lost?.epoch ?? 0)) return current as LineEpochEntity;
      const next = await this.nextEpoch(manager, room.id, lost);
      await manager.insert(LineEpochEntity, next);
      if (lost) this.logger.warn(`The store lost the line of room ${room.id}; epoch ${next.epoch} begins.`);
      return next;
    });
  }

  /** The row of the next epoch; writes its checkpoint. */
  private async nextEpoch(
    manager: EntityManager,
    roomId: string,
    lost: LineEpochEntity | undefined,
  ): Promise<LineEpochEntity> {
    const next = {
      roomId,
      epoch: (lost?.epoch ?? 0) + 1,
      incarnation: randomId(),
      phase: 'building' as const,
      firstNumber: 1,
      baseNumber: 1,
      restoredThrough: 0,
      openedAt: await this.database.now(manager),
    };
    if (!lost) return next;
    const folded = await foldEpoch(manager, lost);
    const living = [...folded.tickets.values()].filter((ticket) => stillLives(ticket, next.openedAt));
    next.restoredThrough = folded.highestNumber;
    next.firstNumber = folded.highestNumber + LINE_LIMITS.feedBacklog + 1;
    next.baseNumber = living.reduce((lowest, { number }) => Math.min(lowest, number), folded.highestNumber + 1);
    const rows = living.map((ticket) => ({ ...ticket, roomId, epoch: next.epoch, acknowledged: +ticket.acknowledged }));
    for (const chunk of chunks(rows)) await manager.insert(TrailCheckpointEntity, chunk);
    return next;
  }

  private async fill(room: Room, epoch: LineEpochEntity): Promise<void> {
    const ref = refOf(epoch);
    const checkpoint = await this.database.read((manager) => readCheckpoint(manager, ref));
    const { firstNumber, baseNumber, restoredThrough } = epoch;
    await this.store.open(ref, { settings: lineSettings(room), firstNumber, baseNumber, restoredThrough });
    for (const chunk of chunks(checkpoint)) await this.store.restore(ref, await this.toTickets(chunk));
    await this.store.ready(ref, checkpoint.length > 0 ? room.graceMs : 0);
    await this.database.write((manager) =>
      manager.update(LineEpochEntity, { roomId: epoch.roomId, epoch: epoch.epoch }, { phase: 'ready' }),
    );
    if (epoch.epoch > 1) await this.store.discard({ ...ref, epoch: epoch.epoch - 1 });
    this.logger.log(`Room ${room.id}: epoch ${epoch.epoch} is ready with ${checkpoint.length} tickets.`);
  }

  /** A person whose mapping was deleted is nobody any more: the ticket is left out. */
  private async toTickets(checkpoint: TrailCheckpointEntity[]): Promise<RestoredTicket[]> {
    const names = checkpoint.map(({ student }) => student);
    const ids = await this.database.read((manager) => this.students.byPseudonyms(manager, names));
    return checkpoint.flatMap((ticket): RestoredTicket[] => {
      const studentId = ids.get(ticket.student);
      if (studentId === undefined) return [];
      const common = { studentId, epoch: ticket.ticketEpoch, number: ticket.number, joinedAt: ticket.joinedAt };
      if (ticket.state === 'waiting') return [{ ...common, state: 'waiting' }];
      const expiresAt = ticket.expiresAt ?? 0;
      return [{ ...common, state: 'admitted', expiresAt, acknowledged: ticket.acknowledged === 1 }];
    });
  }
}

function refOf(epoch: LineEpochEntity): LineRef {
  return { roomId: epoch.roomId, epoch: epoch.epoch, incarnation: epoch.incarnation };
}

function stillLives(ticket: FoldedTicket, now: number): boolean {
  return ticket.state === 'waiting' || (ticket.expiresAt ?? 0) > now;
}

function chunks<T>(items: T[]): T[][] {
  const count = Math.ceil(items.length / CHUNK);
  return Array.from({ length: count }, (_, index) => items.slice(index * CHUNK, (index + 1) * CHUNK));
}
