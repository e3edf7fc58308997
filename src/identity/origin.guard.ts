import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../common/domain-error';
import { OriginPolicy } from './origin-policy';

/** Methods that change nothing. */
export const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses calls that change something when another site's page makes them: `origin_refused`. For every controller. */
@Injectable()
export class OriginGuard implements CanActivate {
  constructor(private readonly origins: OriginPolicy) {}

  canActivate(context: ExecutionContext): boolean {
    // Sockets are judged once, at their handshake.
    if (context.getType() !== 'http') return true;
    const { method, headers } = context.switchToHttp().getRequest<Request>();
    if (READING.has(method) || this.origins.allowsHeaders(headers)) return true;
    throw new DomainError('origin_refused', 'Pages of this origin may not do that here.');
  }
}
