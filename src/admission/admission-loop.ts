import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { sleep } from '../common/clock';
import { DomainError } from '../common/domain-error';
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
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly lines: LineService,
    private readonly outflow: Outflow,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await Promise.all([...this.lines.all()].map((line) => this.tick(line)));
      await sleep(TICK_MS, this.stopping.signal);
    }
  }

  private async tick(line: RoomLine): Promise<void> {
    try {
      const share = this.outflow.current(Date.now());
      let outcome = await line.tick(share);
      while (outcome?.more && !this.stopping.signal.aborted) outcome = await line.tick(share);
    } catch (error) {
      const expected = error instanceof DomainError && error.retryable;
      if (!expected) this.logger.error(`Tick of room ${line.room.id} failed: ${errorText(error)}`);
    }
  }
}
