import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Response } from 'express';
import { DomainError } from '../common/domain-error';
import { Config, CONFIG } from '../config/config';
import { bearerToken } from '../identity/request-token';
import { Metrics } from './metrics';

/** /metrics on the public port, only with METRICS_TOKEN; without one it is not there (see MetricsServer). */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  async read(@Headers() headers: IncomingHttpHeaders, @Res() response: Response): Promise<void> {
    const { token } = this.config.metrics;
    if (!token || !sameText(bearerToken(headers) ?? '', token))
      throw new DomainError('not_found', 'There is nothing here.');
    response.setHeader('Content-Type', this.metrics.registry.contentType);
    response.send(await this.metrics.registry.metrics());
  }
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
