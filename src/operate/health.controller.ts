import { Controller, Res, Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { Serves } from '../common/serves';
import { serviceCalls, type ReadinessReport } from '../contract/service';
import { withDeadline } from '../common/deadline';
import { Database } from '../database/database';
import { LineService } from '../line/line.service';
import { Drain } from '../live/drain/drain';
import { RedisWatch } from '../redis/redis-watch';
import { ClockWatch } from './clock-watch';

/** Who asks for readiness gives up after some seconds, and would take a pod for dead whose database stands still. */
const ANSWER_WITHIN_MS = 1_000;

/**
 * Whether new students should be sent here. A store that is away does not make a pod unready once it has been ready:
 * all pods would be out at the same time, and the sockets they still hold would have nowhere better to go.
 */
@Injectable()
export class Readiness {
  private hasBeenReady = false;
  private asked?: Promise<'ok' | 'away'>;

  constructor(
    private readonly database: Database,
    private readonly lines: LineService,
    private readonly drain: Drain,
    private readonly clock: ClockWatch,
    private readonly redis: RedisWatch,
  ) {}

  async check(): Promise<ReadinessReport> {
    const lines = Object.fromEntries(
      [...this.lines.all()].map((line) => [line.room.id, line.available ? ('ok' as const) : ('away' as const)]),
    );
    const database = await this.databaseState();
    const redis = this.redis.state();
    const mayAll = !redis || redis.missing.length === 0;
    this.hasBeenReady ||= mayAll && database === 'ok' && Object.values(lines).every((state) => state === 'ok');
    const draining = this.drain.active;
    const clock = this.clock.isOff() ? 'off' : 'ok';
    const ready = this.hasBeenReady && !draining && clock === 'ok';
    return { ready, draining, database, clock, ...(redis && { redis }), lines };
  }

  /** One question at a time: a database that does not answer would have a connection of the pool for each of them. */
  private databaseState(): Promise<'ok' | 'away'> {
    this.asked ??= this.database
      .read((manager) => manager.query('SELECT 1'))
      .then(() => 'ok' as const)
      .catch(() => 'away' as const)
      .finally(() => (this.asked = undefined));
    return withDeadline(this.asked, ANSWER_WITHIN_MS).catch(() => 'away' as const);
  }
}

/** For load balancers and orchestrators. */
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Serves(serviceCalls.health)
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Serves(serviceCalls.readiness)
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessReport> {
    const report = await this.readiness.check();
    response.status(report.ready ? 200 : 503);
    return report;
  }
}
