import { Controller, Res } from '@nestjs/common';
import { Serves } from '../common/serves';
import { serviceCalls, type ReadinessReport } from '../contract/service';
import type { Response } from 'express';
import { Readiness } from './readiness';

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
