import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AdmissionService } from '../admission/admission.service';
import { PollingLoop } from '../common/polling-loop';
import { failure } from '../common/text';
import { LineService } from '../line/line.service';
import { LiveSessions } from './live-sessions';
import type { Session, SessionPlace } from './session';

/** Time between two looks, ms. */
const LOOK_MS = 1_000;
/** Sockets looked at before the event loop gets a turn. */
const SLICE = 500;
/** Places that are taken away at once: a window ends for thousands, who would be let in one by one meanwhile. */
const AT_ONCE = 32;

/** Who takes the place away, by the trail; the note is the code of the refusal. */
export const DOOR = 'door';

interface ShutOut extends Pick<SessionPlace, 'roomId' | 'number' | 'state'> {
  studentId: string;
  note: string;
}

/**
 * Takes the place from those who are here, and to whom the door has been shut since: taken off the roster, held, or the
 * own window is over. Who has no socket finds the door shut; nobody without one is let in.
 */
@Injectable()
export class DoorWatch implements OnApplicationBootstrap {
  private readonly logger = new Logger('Live');
  private readonly looking = new PollingLoop(
    (signal) => this.look(signal),
    () => LOOK_MS,
  );

  constructor(
    private readonly lines: LineService,
    private readonly sessions: LiveSessions,
    private readonly admissions: AdmissionService,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.start();
  }

  stop(): Promise<void> {
    return this.looking.stop();
  }

  private async look(signal: AbortSignal): Promise<void> {
    const shut = await this.shutOut(signal);
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let next = shut.pop(); next && !signal.aborted; next = shut.pop()) await this.remove(next);
    });
    await Promise.all(workers);
  }

  /** Those who have to go, each once however many tabs there are; first in line first, for they are let in next. */
  private async shutOut(signal: AbortSignal): Promise<ShutOut[]> {
    const found = new Map<string, ShutOut>();
    let seen = 0;
    for (const session of [...this.sessions.all()]) {
      if (signal.aborted) return [];
      for (const place of session.places.values()) {
        const note = this.whyShut(session, place);
        const { roomId, number, state } = place;
        const { studentId } = session;
        if (note) found.set(`${roomId}/${studentId}`, { roomId, studentId, number, state, note });
      }
      seen += 1;
      if (seen % SLICE === 0) await nextTurn();
    }
    return [...found.values()].sort((one, other) => other.number - one.number);
  }

  private whyShut({ studentId, classYear }: Session, { roomId, state, late }: SessionPlace): string | undefined {
    const refusal = this.lines.has(roomId) ? this.lines.refusalAtDoor(roomId, studentId, classYear) : undefined;
    if (!refusal || refusal.code === 'window_not_open') return undefined;
    // Whoever is inside may still give back and look, though the window for taking is over.
    if (refusal.code === 'window_closed' && state === 'admitted' && !late) return undefined;
    return refusal.code;
  }

  private async remove({ roomId, studentId, number, state, note }: ShutOut): Promise<void> {
    const act = { operator: DOOR, note };
    try {
      // By the line itself, the place may be an admission by now, which was in time or not: the next look knows.
      if (state === 'waiting') await this.lines.removeWaiting(roomId, studentId, number, act);
      else await this.admissions.remove(roomId, studentId, act);
    } catch (error) {
      // Another pod was faster, or a store is away: the next look, the door or the ledger will say no.
      const fields = { code: 'place_not_taken', room: roomId, student: studentId, ...failure(error) };
      this.logger.debug(fields, 'A place was not taken away');
    }
  }
}
