import type { EntityManager } from 'typeorm';
import type { LineEvent } from '../line/line-store';
import { emptyLine, FoldedLine, FoldedTicket, foldEvent } from './fold';
import { fromTrailRow } from './trail-rows';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from './trail.entity';
import type { EpochTrail } from './verify';

const PAGE = 5_000;

/** The current epoch of a room; undefined when it never had a line. */
export async function currentEpoch(
  manager: EntityManager,
  roomId: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<LineEpochEntity | undefined> {
  const query = manager
    .createQueryBuilder(LineEpochEntity, 'line')
    .where('line.roomId = :roomId', { roomId })
    .orderBy('line.epoch', 'DESC')
    .limit(1);
  if (lock) query.setLock('pessimistic_write');
  return (await query.getOne()) ?? undefined;
}

/** Highest sequence of one life of a line that the trail holds; 0 for none. */
export async function lastSequence(manager: EntityManager, line: { roomId: string; epoch: number }): Promise<number> {
  const { roomId, epoch } = line;
  return Number((await manager.maximum(TrailEntity, 'sequence', { roomId, epoch })) ?? 0);
}

export function readCheckpoint(
  manager: EntityManager,
  line: { roomId: string; epoch: number },
): Promise<TrailCheckpointEntity[]> {
  return manager.find(TrailCheckpointEntity, {
    where: { roomId: line.roomId, epoch: line.epoch },
    order: { number: 'ASC' },
  });
}

/** Every event of one life of a line that the trail holds, in order; students by pseudonym. */
export async function readEvents(
  manager: EntityManager,
  line: { roomId: string; epoch: number },
  take: (event: LineEvent) => void,
): Promise<void> {
  for (let after = 0; ;) {
    const rows = await manager
      .createQueryBuilder(TrailEntity, 'trail')
      .where('trail.roomId = :roomId AND trail.epoch = :epoch AND trail.sequence > :after', {
        roomId: line.roomId,
        epoch: line.epoch,
        after,
      })
      .orderBy('trail.sequence')
      .limit(PAGE)
      .getMany();
    for (const row of rows) take(fromTrailRow(row));
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.sequence;
  }
}

/** Every life of a room's line, oldest first, for the checker. */
export async function readEpochs(manager: EntityManager, roomId: string): Promise<EpochTrail[]> {
  const lines = await manager.find(LineEpochEntity, { where: { roomId }, order: { epoch: 'ASC' } });
  const epochs: EpochTrail[] = [];
  for (const line of lines) {
    const events: LineEvent[] = [];
    await readEvents(manager, line, (event) => events.push(event));
    const checkpoint = (await readCheckpoint(manager, line)).filter(isLiving).map(toFolded);
    const { epoch, firstNumber, restoredThrough } = line;
    epochs.push({ epoch, firstNumber, restoredThrough, drawn: line.drawn === 1, checkpoint, events });
  }
  return epochs;
}

/** Everything the database knows of one life of a line: its checkpoint and the trail since. */
export async function foldEpoch(manager: EntityManager, line: LineEpochEntity): Promise<FoldedLine> {
  const folded = emptyLine();
  folded.highestNumber = Math.max(line.restoredThrough, line.firstNumber - 1);
  for (const ticket of await readCheckpoint(manager, line)) {
    if (isLiving(ticket)) folded.tickets.set(ticket.number, toFolded(ticket));
    else folded.spent.set(ticket.number, toFolded({ ...ticket, state: 'waiting' }));
  }
  await readEvents(manager, line, (event) => foldEvent(folded, line.epoch, event));
  return folded;
}

type LivingTicket = TrailCheckpointEntity & { state: FoldedTicket['state'] };

function isLiving(ticket: TrailCheckpointEntity): ticket is LivingTicket {
  return ticket.state !== 'ended';
}

function toFolded({ roomId: _room, epoch: _epoch, ...columns }: LivingTicket): FoldedTicket {
  return { ...columns, acknowledged: columns.acknowledged === 1 };
}
