import { Inject, Injectable, Logger, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { PollingLoop } from '../common/polling-loop';
import { Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { LineService } from '../line/line.service';

const LOOK_MS = 5_000;
/** From here on a clock is worth a warning, ms: what is told in whole seconds is then wrong. */
const WARN_MS = 1_000;

/** By how much this pod's clock is ahead of each store's, ms; a store that was not asked yet is left out. */
export type ClockSkews = Partial<Record<'database' | 'line', number>>;

/**
 * Whether this pod's clock can be trusted. Whatever is compared with a stored time uses the stores' clock, so a pod that is
 * off by some seconds does its work; one that is far off would misjudge the tokens of others, and mislead whoever reads
 * its log. When only one of the stores is off, the pod is not to blame.
 */
@Injectable()
export class ClockWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Clock');
  private readonly looking = new PollingLoop(
    () => Promise.resolve(this.look()),
    () => LOOK_MS,
  );
  private warned = '';

  constructor(
    private readonly database: Database,
    private readonly lines: LineService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'clockSkewLimitMs'>,
  ) {}

  onApplicationBootstrap(): void {
    this.database.clock.start();
    this.looking.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.looking.stop();
    await this.database.clock.stop();
  }

  skews(): ClockSkews {
    const replica = [...this.lines.all()].find((line) => line.available && line.replica)?.replica;
    return { database: this.database.clock.skewMs, ...(replica && { line: replica.skewMs }) };
  }

  /** Whether it is off by more than the limit, by the word of every store that was asked. */
  isOff(): boolean {
    return Object.values(this.skews()).every((skew) => Math.abs(skew) > this.config.clockSkewLimitMs);
  }

  private look(): void {
    const off = Object.entries(this.skews()).filter(([, skew]) => Math.abs(skew) > WARN_MS);
    const stores = off.map(([store, skew]) => `${store} ${skew > 0 ? 'behind' : 'ahead'}`).join();
    if (stores === this.warned) return;
    this.warned = stores;
    if (stores === '')
      return this.logger.log({ code: 'clock_right' }, "This pod's clock agrees with the stores' again");
    const fields = { code: 'clock_off', skewMs: Object.fromEntries(off) };
    this.logger.warn(fields, "This pod's clock differs from the stores': synchronise the clocks (NTP)");
  }
}
