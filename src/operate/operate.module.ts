import { Module } from '@nestjs/common';
import { ClockWatch } from './clock-watch';
import { Demo } from './demo';
import { HealthController, Readiness } from './health.controller';
import { Metrics } from './metrics';
import { MetricsController } from './metrics.controller';
import { MetricsServer } from './metrics-server';
import { OperatorController } from './operator.controller';
import { RoomArchive } from './room-archive';

/** What operators see and steer. */
@Module({
  controllers: [OperatorController, HealthController, MetricsController],
  providers: [Metrics, MetricsServer, ClockWatch, Readiness, RoomArchive, Demo],
})
export class OperateModule {}
