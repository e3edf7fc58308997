import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { sleep } from '../common/clock';
import { randomId } from '../common/ids';
import { Database } from '../database/database';
import { StudentDirectory } from '../identity/student-directory';
import { lineError } from '../line/line-error';
import { HeldLine, EpochProvider, LineFollower } from '../line/epoch-provider';
import { lineSettings } from '../line/line-settings';
import { LINE_LIMITS, LINE_STORE, LineRef, LineStanding, LineStore, RestoredTicket } from '../line/line-store';
import type { Room } from '../room/room';
import { FoldedLine, FoldedTicket, ticketsToKeep } from './fold';
import { EndedAdmissions } from './trail-ports';
import { currentEpoch, foldEpoch, foldOn, lastSequence, type Read, readCheckpoint, readingWith } from './trail-reader';
import { type CheckpointRow, writeCheckpoint } from './trail-table';
import { LineEpochEntity, TrailCheckpointEntity } from './trail.entity';

/** No rebuilding takes longer, ms: the recovery window begins after it. */
const LONGEST_FILL_MS = 60_000;
/**
 * Longest recovery window, ms, however long the grace is: nobody is let in meanwhile, and it is only for those whose join
 * the trail missed by moments. They are back as soon as their page is; all others are in the trail, with their whole
 * grace.
 */
const LONGEST_WINDOW_MS = 60_000;
/** Pause between two looks at a line that is not sure yet whether it is whole, ms. */
const UNSURE_PAUSE_MS = 150;

/**
 * Brings a room's line to life: the first time, and again whenever the store has lost it.
 *
 * One pod wins the next epoch by a row in the database, together with a checkpoint of every ticket that still lives by
 * the trail. Filling the store from the checkpoint can then be done, and repeated, by any pod.
 */
@Injectable()
export class Recovery extends EpochProvider {
  private readonly logger = new Logger('Recovery');
  private readonly read: Read = (work) => this.database.read(work);

  constructor(
    @Inject(LINE_STORE) private readonly store: LineStore,
    private readonly database: Database,
    private readonly students: StudentDirectory,
    private readonly admissions: EndedAdmissions,
  ) {
    super();
  }

  async ensure(room: Room, follower: LineFollower): Promise<HeldLine> {
    const { trusted } = follower;
    if (trusted) {
      const { state, server } = await this.store.check(trusted, follower.report(trusted));
      if (state === 'held') return { ref: trusted, server };
    }
    const beganAt = performance.now();
    const current = await this.database.read((manager) => currentEpoch(manager, room.id));
    const held = current && (await this.findHeld(current, follower));
    if (held) return held;
    const epoch = current?.phase === 'building' ? current : await this.beginEpoch(room, current);
    const tickets = await this.fill(room, epoch);
    const fields = { code: 'epoch_ready', room: room.id, epoch: epoch.epoch, tickets };
    this.logger.log({ ...fields, ms: Math.round(performance.now() - beganAt) }, 'An epoch is ready');
    const filled = await this.findHeld(epoch, follower);
    if (!filled) throw lineError('line_unavailable');
    return filled;
  }

  /** The line of an epoch if the store holds it with all that is known of it, by this pod, the others and the trail. */
  private async findHeld(epoch: LineEpochEntity, follower: LineFollower): Promise<HeldLine | undefined> {
    const ref = refOf(epoch);
    const { state, server } = await this.decide(ref, follower);
    if (state !== 'held') return undefined;
    if (epoch.phase === 'building') await this.declareReady(ref);
    return { ref, server };
  }

  /** Asks until the store is sure. The trail is read each time anew, for another pod may still be writing it. */
  private async decide(ref: LineRef, follower: LineFollower): Promise<LineStanding> {
    for (;;) {
      const durable = await this.database.read((manager) => lastSequence(manager, ref));
      const standing = await this.store.check(ref, follower.report(ref), durable);
      if (standing.state !== 'unsure') return standing;
      await sleep(UNSURE_PAUSE_MS);
    }
  }

  /**
   * Makes the epoch after `lost`, unless another pod already has; gives the one that is current afterwards. From then on
   * the trail takes nothing more of the lost one, so that the checkpoint is the last word on it.
   */
  private async beginEpoch(room: Room, lost: LineEpochEntity | undefined): Promise<LineEpochEntity> {
    // The long part first, while everybody else may write: inside only what has come since is left to read.
    let prepared = lost && (await this.prepare(lost));
    return this.database.write(async (manager) => {
      const folded = prepared;
      // What it takes in below may be rolled back with the transaction.
      prepared = undefined;
      const locked = await currentEpoch(manager, room.id, { lock: this.database.kind === 'mysql' });
      // Whoever waited for the lock sees the row it waited for, not the one that came after it.
      const current = locked && locked.phase === 'lost' ? await currentEpoch(manager, room.id) : locked;
      if (current && current.epoch !== lost?.epoch) return current;
      // A pod that has not heard of it yet finds the line gone: it is put away or deleted, and not lost.
      if (!(await isStillThere(manager, room))) throw lineError('line_unavailable');
      const next = await this.nextEpoch(manager, room, lost, folded);
      if (lost) await manager.update(LineEpochEntity, keyOf(lost), { phase: 'lost' });
      // A room's first epoch has no row to lock before it; there, whoever comes second takes what the first has made.
      await manager.createQueryBuilder().insert().into(LineEpochEntity).values(next).orIgnore().execute();
      if (lost) this.tellOfLoss(next);
      return (await currentEpoch(manager, room.id)) ?? next;
    });
  }

  /** What the lost epoch comes to so far; undefined when another pod was quicker, which all of them find out soon. */
  private async prepare(lost: LineEpochEntity): Promise<FoldedLine | undefined> {
    const overtaken = new Error('another epoch has begun');
    const read: Read = (work) =>
      this.database.read(async (manager) => {
        if ((await currentEpoch(manager, lost.roomId))?.epoch !== lost.epoch) throw overtaken;
        return work(manager);
      });
    try {
      return await foldEpoch(read, lost);
    } catch (error) {
      if (error === overtaken) return undefined;
      throw error;
    }
  }

  /** Embedded, a restart is no loss but the rule. */
  private tellOfLoss({ roomId, epoch }: LineEpochEntity): void {
    const fields = { room: roomId, epoch };
    if (this.database.kind === 'mysql')
      this.logger.warn({ code: 'line_lost', ...fields }, 'The store lost the line of a room; another epoch begins');
    else this.logger.log({ code: 'line_restored', ...fields }, 'The line of a room is brought back from the trail');
  }

  /**
   * The row of the next epoch; writes its checkpoint. When an epoch is lost before everyone of the one before could come
   * back to it, what that one knew is still the limit: tickets above it may be presented once more.
   */
  private async nextEpoch(
    manager: EntityManager,
    room: Room,
    lost: LineEpochEntity | undefined,
    prepared: FoldedLine | undefined,
  ): Promise<LineEpochEntity> {
    const next = {
      roomId: room.id,
      epoch: (lost?.epoch ?? 0) + 1,
      incarnation: randomId(),
      phase: 'building' as const,
      firstNumber: 1,
      baseNumber: 1,
      restoredThrough: 0,
      drawn: lost?.drawn ?? 0,
      openedAt: await this.database.now(manager),
    };
    if (!lost) return next;
    const folded = await this.wholly(manager, lost, prepared);
    const unexpired = ticketsToKeep(folded).filter((ticket) => stillLives(ticket, next.openedAt));
    const inside = unexpired.filter(({ state }) => state === 'admitted').map(({ number }) => number);
    const ended = await this.admissions.endedAmong(manager, room.id, inside);
    const living = unexpired.filter(({ number }) => !ended.has(number));
    next.restoredThrough = folded.highestNumber;
    if (folded.drawn) next.drawn = 1;
    next.firstNumber = aboveEveryNumber(folded, room.lotterySeed !== '' && lost.drawn === 0);
    next.baseNumber = living.reduce((lowest, { number }) => Math.min(lowest, number), folded.highestNumber + 1);
    await writeCheckpoint(manager, next, toRows(living));
    if (wasRecovering(room, lost, folded, next.openedAt)) {
      next.restoredThrough = lost.restoredThrough;
      await writeCheckpoint(manager, next, spentRows(folded, living, lost.restoredThrough));
    }
    return next;
  }

  /** All that the trail will ever know of the lost epoch, for nobody writes to it any more. */
  private async wholly(
    manager: EntityManager,
    lost: LineEpochEntity,
    prepared: FoldedLine | undefined,
  ): Promise<FoldedLine> {
    const read = readingWith(manager);
    if (!prepared) return foldEpoch(read, lost);
    await foldOn(read, lost, prepared);
    return prepared;
  }

  /** @returns how many tickets the store was given */
  private async fill(room: Room, epoch: LineEpochEntity): Promise<number> {
    const ref = refOf(epoch);
    const { firstNumber, baseNumber, restoredThrough } = epoch;
    const drawn = epoch.drawn === 1;
    await this.store.open(ref, { settings: lineSettings(room), firstNumber, baseNumber, restoredThrough, drawn });
    let tickets = 0;
    for await (const page of readCheckpoint(this.read, ref)) {
      await this.store.restore(ref, await this.toTickets(page));
      tickets += page.length;
    }
    await this.store.ready(ref, this.needsWindow(epoch, tickets) ? windowMs(room) : 0);
    await this.declareReady(ref);
    if (epoch.epoch > 1) await this.discard(room.id, epoch.epoch - 1);
    return tickets;
  }

  /**
   * Whether students have to be given time to come back. In the cluster always after a loss, for tickets may have been
   * given out that the trail did not get to know. Embedded, a room in which nobody waited opens at once.
   */
  private needsWindow({ epoch }: LineEpochEntity, tickets: number): boolean {
    return tickets > 0 || (epoch > 1 && this.database.kind === 'mysql');
  }

  private async declareReady(ref: LineRef): Promise<void> {
    const building = { ...keyOf(ref), phase: 'building' as const };
    await this.database.write((manager) => manager.update(LineEpochEntity, building, { phase: 'ready' }));
  }

  private async discard(roomId: string, epoch: number): Promise<void> {
    const lost = await this.database.read((manager) => manager.findOneBy(LineEpochEntity, { roomId, epoch }));
    if (lost) await this.store.discard(refOf(lost));
  }

  /** A person whose mapping was deleted is nobody any more: the ticket is left out; a spent number stays spent. */
  private async toTickets(checkpoint: TrailCheckpointEntity[]): Promise<RestoredTicket[]> {
    const names = checkpoint.map(({ student }) => student);
    const ids = await this.database.read((manager) => this.students.byPseudonyms(manager, names));
    return checkpoint.flatMap((ticket): RestoredTicket[] => {
      const studentId = ids.get(ticket.student);
      if (studentId === undefined && ticket.state !== 'ended') return [];
      const common = {
        studentId: studentId ?? '',
        epoch: ticket.ticketEpoch,
        number: ticket.number,
        joinedAt: ticket.joinedAt,
      };
      if (ticket.state !== 'admitted') return [{ ...common, state: ticket.state }];
      const expiresAt = ticket.expiresAt ?? 0;
      return [{ ...common, state: 'admitted', expiresAt, acknowledged: ticket.acknowledged === 1 }];
    });
  }
}

/** Neither archived, nor deleted, nor another one by the same name. */
async function isStillThere(manager: EntityManager, { id, nonce }: Room): Promise<boolean> {
  const living = 'SELECT id FROM room WHERE id = ? AND nonce = ? AND archived_at = 0';
  return (await manager.query<unknown[]>(living, [id, nonce])).length > 0;
}

function refOf(epoch: LineEpochEntity): LineRef {
  return { roomId: epoch.roomId, epoch: epoch.epoch, incarnation: epoch.incarnation };
}

/**
 * Above what the lost line can have issued beyond what the trail knows: as many as may wait for the trail, and, when it
 * may have closed a lottery's list without the trail, as many again as could be on it.
 */
function aboveEveryNumber({ highestNumber }: FoldedLine, mayHaveFrozen: boolean): number {
  return (highestNumber + LINE_LIMITS.feedBacklog) * (mayHaveFrozen ? 2 : 1) + 1;
}

const keyOf = ({ roomId, epoch }: { roomId: string; epoch: number }) => ({ roomId, epoch });

/** One by one: there may be very many. */
function* toRows(tickets: Iterable<FoldedTicket>, state?: CheckpointRow['state']): Generator<CheckpointRow> {
  for (const ticket of tickets) {
    yield { ...ticket, state: state ?? ticket.state, acknowledged: ticket.acknowledged ? 1 : 0 };
  }
}

/** How long nobody is let in after a loss, so that whose join the trail missed can come back. */
const windowMs = ({ graceMs }: Room): number => Math.min(graceMs, LONGEST_WINDOW_MS);

/** Whether an epoch that is lost had not got to the end of its own recovery window. */
function wasRecovering(room: Room, lost: LineEpochEntity, { opened }: FoldedLine, now: number): boolean {
  return lost.epoch > 1 && !opened && now < lost.openedAt + windowMs(room) + LONGEST_FILL_MS;
}

/** Everything above a number that the lost epoch knew, and that does not live any more. */
function spentRows(folded: FoldedLine, living: FoldedTicket[], above: number): Iterable<CheckpointRow> {
  const alive = new Set(living.map(({ number }) => number));
  const known = [...folded.tickets.values(), ...folded.spent.values()];
  return toRows(
    known.filter(({ number }) => number > above && !alive.has(number)),
    'ended',
  );
}

function stillLives(ticket: FoldedTicket, now: number): boolean {
  return ticket.state === 'waiting' || (ticket.expiresAt ?? 0) > now;
}
