import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { DomainError } from '../common/domain-error';
import { PollingLoop } from '../common/polling-loop';
import { LineService } from '../line/line.service';
import type { RoomLine } from '../line/follower/room-line';
import { Outflow } from './outflow';

/** Time between two ticks of one pod, ms. The outflow does not depend on it, only how finely it is spread. */
const TICK_MS = 200;

/** Most ticks of one line in a row when more is due at once; a line that has so much to do goes on with its next turn. */
const MOST_IN_A_ROW = 10;

/**
 * Lets time pass in every line: each tick sends the pod's heartbeat, ends what is due, and lets in whoever the policy
 * allows by now. There is no leader: all pods tick, and the store's clock decides. While seat commits are in trouble only
 * a share of the policy's rate is let in. No line waits for another: one that is slow, or has much to do, is only late
 * itself.
 */
@Injectable()
export class AdmissionLoop implements OnApplicationBootstrap {
  private readonly logger = new Logger('Admission');
  private readonly ticking = new PollingLoop(
    (signal) => this.tickAll(signal),
    () => TICK_MS,
  );
  private readonly underWay = new Map<RoomLine, Promise<void>>();

  constructor(
    private readonly lines: LineService,
    private readonly outflow: Outflow,
  ) {}

  onApplicationBootstrap(): void {
    this.ticking.start();
  }

  async stop(): Promise<void> {
    await this.ticking.stop();
    await Promise.all(this.underWay.values());
  }

  private async tickAll(signal: AbortSignal): Promise<void> {
    for (const line of this.lines.all()) {
      if (this.underWay.has(line)) continue;
      const ticked = this.tick(line, signal).finally(() => this.underWay.delete(line));
      this.underWay.set(line, ticked);
    }
  }

  private async tick(line: RoomLine, signal: AbortSignal): Promise<void> {
    try {
      const share = this.outflow.current(Date.now());
      for (let ticks = 0; ticks < MOST_IN_A_ROW && !signal.aborted; ticks++) {
        if (!(await line.tick(share))?.more) return;
      }
    } catch (error) {
      const expected = error instanceof DomainError && error.retryable;
      if (!expected) this.logger.error({ code: 'tick_failed', room: line.room.id, err: error }, 'A tick failed');
    }
  }
}
