import { Module } from '@nestjs/common';
import { ClockWatch } from './clock-watch';
import { Demo } from './demo';
import { HealthController, Readiness } from './health.controller';
import { Metrics } from './metrics';
import { MetricsController } from './metrics.controller';
import { MetricsServer } from './metrics-server';
import { OperatorController } from './operator.controller';
import { RoomArchive } from './room-archive';
import { RoomReports } from './room-reports';
import { ConsoleController } from './console/console.controller';
import { ConsoleStream } from './console/console-stream';
import { Audit } from './console/audit';
import { StudentFiles } from './console/student-file';
import { LineHistories } from './console/line-histories';
import { PodSamples } from './console/pod-samples';

const CONSOLE = [LineHistories, PodSamples, ConsoleStream, StudentFiles, Audit];

/** What operators see and steer. */
@Module({
  controllers: [OperatorController, ConsoleController, HealthController, MetricsController],
  providers: [Metrics, MetricsServer, ClockWatch, Readiness, RoomArchive, RoomReports, Demo, ...CONSOLE],
})
export class OperateModule {}
