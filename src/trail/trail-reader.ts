import { type EntityManager, MoreThan } from 'typeorm';
import { placeholders } from '../database/bulk';
import type { LineEvent } from '../line/line-store';
import { emptyLine, FoldedLine, FoldedTicket, foldEvent, NOT_FOLDED } from './fold';
import { fromTrailRow, type TrailRow } from './trail-rows';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from './trail.entity';
import { type EpochFacts, type EpochTrail, TrailCheck, type VerifyReport } from './verify';

/** Events in one statement: few enough to be forgotten before they count as old in the heap. */
const PAGE = 2_000;
/** Tickets in one statement; no more than one call of the store takes. */
const CHECKPOINT_PAGE = 500;

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

/** How something is read: each page by itself, or all within one transaction. */
export type Read = <T>(work: (manager: EntityManager) => Promise<T>) => Promise<T>;

/** Reads with this connection alone. */
export const readingWith =
  (manager: EntityManager): Read =>
  (work) =>
    work(manager);

interface EventRow {
  sequence: number | string;
  at: number | string;
  type: TrailRow['type'];
  number: number | string | null;
  student: string | null;
  data: string | null;
}

/** What events are read. */
export interface EventsWanted {
  /** Only those after this sequence. */
  after?: number;
  /** All but these. */
  without?: readonly LineEvent['type'][];
}

/**
 * Events of one life of a line that the trail holds, in order; students by pseudonym. However many there are, only a page
 * of them is held at a time, and the database is free between two pages.
 *
 * @param take false ends it
 */
export async function readEvents(
  read: Read,
  { roomId, epoch }: { roomId: string; epoch: number },
  take: (event: LineEvent) => unknown,
  { after = 0, without = [] }: EventsWanted = {},
): Promise<void> {
  const but = without.length === 0 ? '' : `AND type NOT IN (${placeholders(without.length)})`;
  const sql = `SELECT sequence, at, type, number, student, data FROM trail
    WHERE room_id = ? AND epoch = ? AND sequence > ? ${but} ORDER BY sequence LIMIT ${PAGE}`;
  for (let last = after; ;) {
    // Not as entities: of a million rows, making those takes longer than all else.
    const rows = await read((manager) => manager.query<EventRow[]>(sql, [roomId, epoch, last, ...without]));
    for (const { sequence, at, number, ...row } of rows) {
      last = Number(sequence);
      const numbers = { sequence: last, at: Number(at), number: number === null ? null : Number(number) };
      if (take(fromTrailRow({ roomId, epoch, ...row, ...numbers })) === false) return;
    }
    if (rows.length < PAGE) return;
  }
}

/** The tickets with which one life of a line began, in the order of their numbers, page by page. */
export async function* readCheckpoint(
  read: Read,
  { roomId, epoch }: { roomId: string; epoch: number },
): AsyncGenerator<TrailCheckpointEntity[]> {
  for (let after = -1; ;) {
    const page = await read((manager) =>
      manager.find(TrailCheckpointEntity, {
        where: { roomId, epoch, number: MoreThan(after) },
        order: { number: 'ASC' },
        take: CHECKPOINT_PAGE,
      }),
    );
    const last = page.at(-1);
    if (last) yield page;
    if (!last || page.length < CHECKPOINT_PAGE) return;
    after = last.number;
  }
}

/** Every life of a room's line, oldest first: what it began with, and which its events are. */
export async function* readLives(
  read: Read,
  roomId: string,
): AsyncGenerator<{ line: LineEpochEntity; began: EpochFacts }> {
  const lines = await read((manager) => manager.find(LineEpochEntity, { where: { roomId }, order: { epoch: 'ASC' } }));
  for (const line of lines) {
    const checkpoint: FoldedTicket[] = [];
    for await (const page of readCheckpoint(read, line)) checkpoint.push(...page.filter(isLiving).map(toFolded));
    const { epoch, firstNumber, restoredThrough } = line;
    yield { line, began: { epoch, firstNumber, restoredThrough, drawn: line.drawn === 1, checkpoint } };
  }
}

/** Every life of a room's line, oldest first, with all its events at once: for trails that are not long. */
export async function readEpochs(manager: EntityManager, roomId: string): Promise<EpochTrail[]> {
  const epochs: EpochTrail[] = [];
  const read = readingWith(manager);
  for await (const { line, began } of readLives(read, roomId)) {
    const events: LineEvent[] = [];
    await readEvents(read, line, (event) => events.push(event));
    epochs.push({ ...began, events });
  }
  return epochs;
}

/** Proves from the trail in the database that a room's line was fair (see `TrailCheck`). */
export async function verifyStored(read: Read, roomId: string): Promise<VerifyReport> {
  const check = new TrailCheck();
  for await (const { line, began } of readLives(read, roomId)) {
    check.begin(began);
    await readEvents(read, line, (event) => check.take(event));
  }
  return check.report;
}

/** Everything the database knows of one life of a line: its checkpoint and the trail since. */
export async function foldEpoch(read: Read, line: LineEpochEntity): Promise<FoldedLine> {
  const folded = emptyLine();
  folded.highestNumber = Math.max(line.restoredThrough, line.firstNumber - 1);
  for await (const page of readCheckpoint(read, line)) {
    for (const ticket of page) {
      if (isLiving(ticket)) folded.tickets.set(ticket.number, toFolded(ticket));
      else folded.spent.set(ticket.number, toFolded({ ...ticket, state: 'waiting' }));
    }
  }
  await foldOn(read, line, folded);
  return folded;
}

/** Takes in what the trail has got since. */
export function foldOn(read: Read, line: LineEpochEntity, folded: FoldedLine): Promise<void> {
  const wanted = { after: folded.sequence, without: NOT_FOLDED };
  return readEvents(read, line, (event) => foldEvent(folded, line.epoch, event), wanted);
}

type LivingTicket = TrailCheckpointEntity & { state: FoldedTicket['state'] };

function isLiving(ticket: TrailCheckpointEntity): ticket is LivingTicket {
  return ticket.state !== 'ended';
}

function toFolded({ roomId: _room, epoch: _epoch, ...columns }: LivingTicket): FoldedTicket {
  return { ...columns, acknowledged: columns.acknowledged === 1 };
}
