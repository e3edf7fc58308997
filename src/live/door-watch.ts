import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AdmissionService } from '../admission/admission.service';
import { Repeating } from '../common/repeating';
import { errorText } from '../common/text';
import { LineService } from '../line/line.service';
import { LiveSessions } from './live-sessions';
import type { Session } from './session';

/** Time between two looks, ms. */
const LOOK_MS = 1_000;
/** Sockets looked at before the event loop gets a turn. */
const SLICE = 500;

/**
 * Takes the place from those who are here, and to whom the door has been shut since: taken off the roster, held, or the
 * own window is over. Who has no socket finds the door shut; nobody without one is let in.
 */
@Injectable()
export class DoorWatch implements OnApplicationBootstrap {
  private readonly logger = new Logger('Live');
  private readonly looking = new Repeating(
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
    let seen = 0;
    for (const session of [...this.sessions.all()]) {
      if (signal.aborted) return;
      await this.review(session);
      seen += 1;
      if (seen % SLICE === 0) await nextTurn();
    }
  }

  private async review({ studentId, classYear, places }: Session): Promise<void> {
    if (places.size === 0) return;
    for (const { roomId, state } of [...places.values()]) {
      const refusal = this.lines.has(roomId) && this.lines.refusalAtDoor(roomId, studentId, classYear);
      if (!refusal || refusal.code === 'window_not_open') continue;
      // Whoever is inside may still give back and look, though the window for taking is over.
      if (refusal.code === 'window_closed' && state === 'admitted') continue;
      await this.remove(roomId, studentId, refusal.code);
    }
  }

  private async remove(roomId: string, studentId: string, note: string): Promise<void> {
    try {
      await this.admissions.remove(roomId, studentId, { operator: 'door', note });
    } catch (error) {
      // Another tab had the same place, or a store is away: the next look, the door or the ledger will say no.
      this.logger.debug(`A place was not taken away: ${errorText(error)}`);
    }
  }
}
