import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import { failure } from '../common/text';
import { LineService } from '../line/line.service';
import type { Session } from './session';

/** Windows and holds may be changed meanwhile, and clocks differ: nobody waits longer for a look than this, ms. */
const LONGEST_WAIT_MS = 1_000;

/** A student who came before the own window, and what takes the place for each of the sockets. */
interface Arrival {
  classYear?: string;
  takes: Map<Session, () => Promise<void>>;
}

interface EarlyRoom {
  /** In order of arrival. Who lost the connection keeps the order, and is passed over when nobody is there at the instant. */
  arrivals: Map<string, Arrival>;
  /** When the first window opens, as of the last look; store time, ms. */
  nextAt: number;
}

/**
 * Those who came before their window opens: this pod takes a place for each of them at that instant, in order of arrival,
 * and before anybody who comes later to this pod.
 *
 * Between pods the order is that in which the store is asked. Each pod presents its own list from the same instant of the
 * store's time on, so the lists interleave: the tenth of one pod comes near the tenth of another, whichever of them was
 * there first, and who joins at one pod after the instant may come before the last of another pod's list.
 */
@Injectable()
export class EarlyArrivals implements OnApplicationShutdown {
  private readonly logger = new Logger('Live');
  private readonly rooms = new Map<string, EarlyRoom>();
  private timer?: NodeJS.Timeout;
  /** When the timer rings, by the process's own clock, ms. */
  private ringsAt = Infinity;
  private stopped = false;

  constructor(private readonly lines: LineService) {}

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** @param take takes the place; it may fail, and then the student has to ask again */
  note(session: Session, roomId: string, take: () => Promise<void>): void {
    const { studentId, classYear } = session;
    const room = this.rooms.get(roomId) ?? { arrivals: new Map<string, Arrival>(), nextAt: Infinity };
    const arrival = room.arrivals.get(studentId) ?? { classYear, takes: new Map() };
    arrival.takes.set(session, take);
    room.arrivals.set(studentId, arrival);
    this.rooms.set(roomId, room);
    // Nobody else is looked at: all who wait ask again and again.
    room.nextAt = Math.min(room.nextAt, this.lines.opensLater(roomId, studentId, classYear) ?? 0);
    this.schedule();
  }

  /** Its student does not want the place any more. */
  forget(session: Session, roomId: string): void {
    this.rooms.get(roomId)?.arrivals.get(session.studentId)?.takes.delete(session);
  }

  /** The socket is gone. */
  forgetEverywhere(session: Session): void {
    for (const roomId of session.rooms) this.forget(session, roomId);
  }

  /** Takes the places whose windows have opened. Whom the door has let by just now comes after them. */
  takeDue(roomId: string): void {
    const room = this.rooms.get(roomId);
    if (room && this.now(roomId) >= room.nextAt) this.look(roomId, room);
  }

  private look(roomId: string, room: EarlyRoom): void {
    room.nextAt = Infinity;
    for (const [studentId, { classYear, takes }] of room.arrivals) {
      const opensAt = this.lines.opensLater(roomId, studentId, classYear);
      if (opensAt !== undefined) {
        room.nextAt = Math.min(room.nextAt, opensAt);
        continue;
      }
      room.arrivals.delete(studentId);
      for (const take of takes.values()) {
        take().catch((error: unknown) => {
          const fields = { code: 'early_not_taken', room: roomId, student: studentId, ...failure(error) };
          this.logger.warn(fields, 'Who came early has to ask again');
        });
      }
    }
    if (room.arrivals.size === 0) this.rooms.delete(roomId);
  }

  private schedule(): void {
    if (this.stopped || this.rooms.size === 0) return;
    const waits = [...this.rooms].map(([roomId, { nextAt }]) => nextAt - this.now(roomId));
    const waitMs = Math.max(0, Math.min(LONGEST_WAIT_MS, ...waits));
    const at = performance.now() + waitMs;
    // The window of who has just come may be the first to open.
    if (at >= this.ringsAt) return;
    clearTimeout(this.timer);
    this.ringsAt = at;
    this.timer = setTimeout(() => {
      this.ringsAt = Infinity;
      for (const [roomId, room] of [...this.rooms]) this.look(roomId, room);
      this.schedule();
    }, waitMs);
  }

  private now(roomId: string): number {
    return this.lines.has(roomId) ? this.lines.now(roomId) : Infinity;
  }
}
