import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { AdmissionService } from '../admission/admission.service';
import { errorText } from '../common/text';
import { Roster } from '../identity/roster';
import { LiveSessions } from './live-sessions';

/**
 * Takes place and admission from those who wait or are inside on this pod, and may not register any more by a new roster.
 * Who has no socket finds the door shut; nobody without one is let in.
 */
@Injectable()
export class RosterWatch implements OnModuleInit {
  private readonly logger = new Logger('Roster');

  constructor(
    private readonly roster: Roster,
    private readonly sessions: LiveSessions,
    private readonly admissions: AdmissionService,
  ) {}

  onModuleInit(): void {
    this.roster.onChange(() => void this.review());
  }

  private async review(): Promise<void> {
    for (const { studentId, places } of [...this.sessions.all()]) {
      const refusal = this.roster.refusal(studentId);
      if (!refusal) continue;
      for (const roomId of [...places.keys()]) await this.remove(roomId, studentId, refusal.code);
    }
  }

  private async remove(roomId: string, studentId: string, note: string): Promise<void> {
    try {
      await this.admissions.remove(roomId, studentId, { operator: 'roster', note });
    } catch (error) {
      // Another tab of the student had the same place; or the door, and the ledger, will say no.
      this.logger.debug(`A place was not taken away: ${errorText(error)}`);
    }
  }
}
