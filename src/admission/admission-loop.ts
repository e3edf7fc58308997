import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { DomainError } from '../common/domain-error';
import { Repeating } from '../common/repeating';
import { errorText } from '../common/text';
import { LineService } from '../line/line.service';
import type { RoomLine } from '../line/room-line';
import { Outflow } from './outflow';

/** Time between two ticks of one pod, ms. The outflow does not depend on it, only how finely it is spread. */
const TICK_MS = 200;

/**
 * Lets time pass in every line: each tick sends the pod's heartbeat, ends what is due, and lets in whoever the policy
 * allows by now. There is no leader: all pods tick, and the store's clock decides. While seat commits are in trouble only
 * a share of the policy's rate is let in.
 */
@Injectable()
export class AdmissionLoop implements OnApplicationBootstrap {
  private readonly logger = new Logger('Admission');
  private readonly ticking = new Repeating(
    (signal) => this.tickAll(signal),
    () => TICK_MS,
  );

  constructor(
    private readonly lines: LineService,
    private readonly outflow: Outflow,
  ) {}

  onApplicationBootstrap(): void {
    this.ticking.start();
  }

  async stop(): Promise<void> {
    await this.ticking.stop();
  }

  private async tickAll(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.lines.all()].map((line) => this.tick(line, signal)));
  }

  private async tick(line: RoomLine, signal: AbortSignal): Promise<void> {
    try {
      const share = this.outflow.current(Date.now());
      let outcome = await line.tick(share);
      while (outcome?.more && !signal.aborted) outcome = await line.tick(share);
    } catch (error) {
      const expected = error instanceof DomainError && error.retryable;
      if (!expected) this.logger.error(`Tick of room ${line.room.id} failed: ${errorText(error)}`);
    }
  }
}
