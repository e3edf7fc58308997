import { Inject, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { ChangeRoom, CreateRoom } from '../contract/operate/rooms';
import { DomainError } from '../common/domain-error';
import { randomId } from '../common/ids';
import { PollingLoop } from '../common/polling-loop';
import { failure } from '../common/text';
import { type Listener, Topic, type Unsubscribe } from '../common/topic';
import { Config, CONFIG, graceFloorMs } from '../config/config';
import { Database } from '../database/database';
import { isDuplicateKey } from '../database/database-error';
import type { Room } from './room';
import { deleteRoom, firstVersion, insertRoom, readRooms, updateRoom } from './room-table';
import { KnownTerms } from './known-terms';

/** How often a pod looks for versions that it was not told of (a new room, a message lost with a store). */
const REFRESH_MS = 1_000;

/**
 * The rooms: truth in the database, a copy in every pod.
 *
 * A change is written first, as the next version, and then told to the listeners of this pod, who take it to the line
 * store and so to every other pod. A pod that missed that finds the newer version by itself within a second.
 */
@Injectable()
export class RoomService implements OnApplicationBootstrap {
  private readonly logger = new Logger('Rooms');
  private readonly rooms = new Map<string, Room>();
  /** The newest version seen of each, also of rooms that are gone: what was read before must not bring them back. */
  private readonly newest = new Map<string, number>();
  private readonly changes = new Topic<[Room]>('Rooms');
  private readonly removals = new Topic<[Room]>('Rooms');
  private readonly refreshing = new PollingLoop(
    (signal) => this.keepFresh(signal),
    () => REFRESH_MS,
  );
  private databaseAway = false;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    private readonly terms: KnownTerms,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.refreshing.start();
  }

  async stop(): Promise<void> {
    await this.refreshing.stop();
  }

  /** Calls `listener` with every room now known, and with every newer version from now on. */
  onChange(listener: (room: Room) => void): Unsubscribe {
    for (const room of this.rooms.values()) listener(room);
    return this.changes.subscribe(listener);
  }

  /** Calls `listener` with every room that is archived or deleted from now on, as it was known last. */
  onRemoved(listener: Listener<[Room]>): Unsubscribe {
    return this.removals.subscribe(listener);
  }

  /** Those that are not archived. */
  list(): Room[] {
    return [...this.rooms.values()];
  }

  /** Whether this pod has seen the room in this version or a newer one. */
  knows(roomId: string, version: number): boolean {
    return (this.newest.get(roomId) ?? 0) >= version;
  }

  /** @throws DomainError `room_not_found` */
  get(roomId: string): Room {
    const room = this.rooms.get(roomId);
    if (!room) throw new DomainError('room_not_found', `There is no room "${roomId}".`, { roomId });
    return room;
  }

  /**
   * @throws DomainError `invalid_input` (grace too short, unknown term), `conflict` when the id is taken,
   * `database_unavailable`
   */
  async create(input: CreateRoom, by: string): Promise<Room> {
    const defaults = this.config.line;
    const room: Room = {
      id: input.id,
      termId: input.termId,
      site: input.site,
      name: input.name,
      version: 1,
      control: input.control,
      opensAt: input.opensAt,
      ratePerSecond: input.ratePerSecond ?? defaults.ratePerSecond,
      capacity: input.capacity ?? defaults.capacity,
      leaseMs: milliseconds(input.leaseSeconds ?? defaults.leaseSeconds),
      graceMs: milliseconds(input.graceSeconds ?? defaults.graceSeconds),
      noShowMs: milliseconds(input.noShowSeconds ?? defaults.noShowSeconds),
      graceBeforeOpening: input.graceBeforeOpening,
      lotterySeed: input.lottery ? randomBytes(32).toString('base64url') : '',
      notice: input.notice,
      nonce: randomId(),
      createdAt: 0,
      archivedAt: 0,
    };
    this.checkGrace(room);
    try {
      await this.database.write(async (manager) => {
        await this.checkTerm(manager, room);
        room.version = await firstVersion(manager, room.id);
        room.createdAt = await this.database.now(manager);
        await insertRoom(manager, room, { by, at: room.createdAt });
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      const message = `A room "${room.id}" exists already, or is archived.`;
      throw new DomainError('conflict', message, { roomId: room.id }, { cause: error });
    }
    this.adopt(room);
    return room;
  }

  /** @throws DomainError `invalid_input` (grace too short), `room_not_found`, `database_unavailable` */
  async change(roomId: string, change: ChangeRoom, by: string): Promise<Room> {
    const changed = await this.database.write(async (manager) => {
      const current = await this.lock(manager, roomId);
      if (current.archivedAt > 0) throw conflict(roomId, 'is archived: restore it first.');
      const next = applyChange(current, change);
      if (change.graceSeconds !== undefined) this.checkGrace(next);
      await updateRoom(manager, next, { by, at: await this.database.now(manager) });
      return next;
    });
    this.adopt(changed);
    return changed;
  }

  /** The archived rooms, which no pod holds. @throws DomainError `database_unavailable` */
  async archived(): Promise<Room[]> {
    const rooms = await this.database.read((manager) => readRooms(manager));
    return rooms.filter(({ archivedAt }) => archivedAt > 0);
  }

  /**
   * Puts a closed room away: no pod follows it any more. What is known of it stays. Twice is no error.
   *
   * @throws DomainError `conflict` when it is not closed, `room_not_found`, `database_unavailable`
   */
  async archive(roomId: string, by: string, note: string): Promise<Room> {
    const archived = await this.database.write(async (manager) => {
      const current = await this.lock(manager, roomId);
      if (current.archivedAt > 0) return current;
      if (current.control !== 'closed') throw conflict(roomId, 'is not closed: close it first.');
      const at = await this.database.now(manager);
      const next = { ...current, version: current.version + 1, archivedAt: at };
      await updateRoom(manager, next, { by, at, note });
      return next;
    });
    this.adopt(archived);
    return archived;
  }

  /**
   * Takes an archived room back, closed as it was.
   *
   * @throws DomainError `conflict` when its term is archived or deleted, `room_not_found`, `database_unavailable`
   */
  async restore(roomId: string, by: string, note: string): Promise<Room> {
    const restored = await this.database.write(async (manager) => {
      const current = await this.lock(manager, roomId);
      if (current.archivedAt === 0) return current;
      if (!current.site && !(await this.terms.has(manager, current.termId))) {
        throw conflict(roomId, `leads to term "${current.termId}", which is archived or deleted: restore that first.`);
      }
      const next = { ...current, version: current.version + 1, archivedAt: 0 };
      await updateRoom(manager, next, { by, at: await this.database.now(manager), note });
      return next;
    });
    this.adopt(restored);
    return restored;
  }

  /**
   * Deletes an archived room; what the upper floors know of it has to be gone already. Its versions stay on record.
   *
   * @throws DomainError `conflict` when it is not archived, `room_not_found`, `database_unavailable`
   */
  async remove(roomId: string, by: string, note: string): Promise<void> {
    await this.database.write(async (manager) => {
      const current = await this.lock(manager, roomId);
      if (current.archivedAt === 0) throw conflict(roomId, 'is not archived: archive it first.');
      await deleteRoom(manager, current, { by, at: await this.database.now(manager), note });
    });
    this.forget(roomId);
  }

  /** Reads the database, takes over every version that is newer than the one known here, and forgets what is gone. */
  async refresh(): Promise<void> {
    const before = [...this.rooms.keys()];
    const rooms = await this.database.read((manager) => readRooms(manager));
    for (const room of rooms) this.adopt(room);
    const there = new Set(rooms.map(({ id }) => id));
    for (const id of before) if (!there.has(id)) this.forget(id);
  }

  private async lock(manager: EntityManager, roomId: string): Promise<Room> {
    const [current] = await readRooms(manager, roomId, { lock: this.database.kind === 'mysql' });
    if (!current) throw new DomainError('room_not_found', `There is no room "${roomId}".`, { roomId });
    return current;
  }

  /** A shorter grace would cost students their place whose pod died, or whose network was lost for a moment. */
  private checkGrace(room: Room): void {
    const leastMs = graceFloorMs(this.config.live);
    if (room.graceMs > leastMs) return;
    throw new DomainError('invalid_input', `graceSeconds: must be more than ${leastMs / 1_000}`, {
      problems: [{ path: 'graceSeconds', message: `must be more than ${leastMs / 1_000}` }],
    });
  }

  /** Whoever is let in to a term that nobody has loaded, or that was misspelt, finds no section. */
  private async checkTerm(manager: EntityManager, { termId, site }: Room): Promise<void> {
    if (site || (await this.terms.has(manager, termId))) return;
    const message =
      'is not known here, or archived: import its catalogue or restore it first, or say "site": true for a room before another site';
    throw new DomainError('invalid_input', `termId: ${message}`, { problems: [{ path: 'termId', message }] });
  }

  private adopt(room: Room): void {
    if (this.knows(room.id, room.version)) return;
    this.newest.set(room.id, room.version);
    const known = this.rooms.get(room.id);
    if (room.archivedAt > 0) return this.forget(room.id);
    // Another room with the same id: the one before it was deleted.
    if (known && known.nonce !== room.nonce) this.forget(room.id);
    this.rooms.set(room.id, room);
    this.changes.publish(room);
  }

  private forget(roomId: string): void {
    const known = this.rooms.get(roomId);
    if (!known) return;
    this.rooms.delete(roomId);
    this.removals.publish(known);
  }

  private async keepFresh(signal: AbortSignal): Promise<void> {
    try {
      await this.refresh();
      if (this.databaseAway) this.logger.log({ code: 'database_back' }, 'The database is back');
      this.databaseAway = false;
    } catch (error) {
      if (!this.databaseAway && !signal.aborted) {
        this.logger.warn({ code: 'rooms_stale', ...failure(error) }, 'Rooms cannot be read again');
      }
      this.databaseAway = true;
    }
  }
}

function conflict(roomId: string, what: string): DomainError {
  return new DomainError('conflict', `Room "${roomId}" ${what}`, { roomId });
}

/** Whole ones, as the database keeps them. */
const milliseconds = (seconds: number): number => Math.round(seconds * 1_000);

function applyChange(room: Room, change: ChangeRoom): Room {
  const { leaseSeconds, graceSeconds, noShowSeconds, ...same } = change;
  return {
    ...room,
    ...same,
    leaseMs: leaseSeconds === undefined ? room.leaseMs : milliseconds(leaseSeconds),
    graceMs: graceSeconds === undefined ? room.graceMs : milliseconds(graceSeconds),
    noShowMs: noShowSeconds === undefined ? room.noShowMs : milliseconds(noShowSeconds),
    version: room.version + 1,
  };
}
