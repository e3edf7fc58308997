import { Module, OnApplicationShutdown } from '@nestjs/common';
import { LotteryDraw } from './lottery-draw';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from './trail.entity';
import { TrailWriter } from './trail-writer';

export const TRAIL_ENTITIES = [LineEpochEntity, TrailCheckpointEntity, TrailEntity];

/** The record of every line. Port: `TRAIL_PROJECTIONS`. */
@Module({ providers: [TrailWriter, LotteryDraw] })
export class TrailModule implements OnApplicationShutdown {
  constructor(private readonly trail: TrailWriter) {}

  /** Before the lines, whose last events it still writes. */
  onApplicationShutdown(): Promise<void> {
    return this.trail.stop();
  }
}
