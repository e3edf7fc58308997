import { Injectable } from '@nestjs/common';
import { Database } from '../database/database';
import { LineService } from '../line/line.service';
import { Drain } from '../live/drain/drain';

export interface ReadinessReport {
  ready: boolean;
  draining: boolean;
  /** Whether the database answers. When it does not, students still queue, so the pod stays ready. */
  database: 'ok' | 'away';
  /** Per room: whether its line is live on this pod. */
  lines: Record<string, 'ok' | 'away'>;
}

/**
 * Whether new students should be sent here. A store that is away does not make a pod unready once it has been ready:
 * all pods would be out at the same time, and the sockets they still hold would have nowhere better to go.
 */
@Injectable()
export class Readiness {
  private hasBeenReady = false;

  constructor(
    private readonly database: Database,
    private readonly lines: LineService,
    private readonly drain: Drain,
  ) {}

  async check(): Promise<ReadinessReport> {
    const lines = Object.fromEntries(
      [...this.lines.all()].map((line) => [line.room.id, line.available ? ('ok' as const) : ('away' as const)]),
    );
    const database = await this.databaseState();
    this.hasBeenReady ||= database === 'ok' && Object.values(lines).every((state) => state === 'ok');
    const draining = this.drain.active;
    return { ready: this.hasBeenReady && !draining, draining, database, lines };
  }

  private async databaseState(): Promise<'ok' | 'away'> {
    try {
      await this.database.read((manager) => manager.query('SELECT 1'));
      return 'ok';
    } catch {
      return 'away';
    }
  }
}
