import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../common/domain-error';
import { OperatorDirectory } from './operator-directory';
import { WrongTokenThrottle } from './wrong-token-throttle';
import { bearerToken } from './request-token';

type OperatorRequest = Request & { operator?: string };

const refusal = (): DomainError => new DomainError('not_operator', 'This needs an operator token.');

/**
 * Lets operators through, by bearer token only: no browser sends that by itself. Otherwise `not_operator`, which after many
 * wrong tokens from the same address takes a while, or is `too_many_requests` when too many wait for that already.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly operators: OperatorDirectory,
    private readonly tries: WrongTokenThrottle,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<OperatorRequest>();
    const token = bearerToken(request.headers);
    if (token === undefined) throw refusal();
    request.operator = this.operators.nameOf(token);
    return request.operator !== undefined || this.refuse(request.ip ?? '');
  }

  private async refuse(address: string): Promise<never> {
    const answer = this.tries.wrong(address, Date.now());
    if (!answer) {
      throw new DomainError('too_many_requests', 'Many wrong operator tokens came from here. Please wait a moment.');
    }
    // A pod that stops does not wait for it.
    if (answer.afterMs > 0) await sleep(answer.afterMs, undefined, { ref: false });
    answer.answered();
    throw refusal();
  }
}

/** The name of the operator whom OperatorGuard let through. */
export const CurrentOperator = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { operator } = context.switchToHttp().getRequest<OperatorRequest>();
  if (operator === undefined) throw refusal();
  return operator;
});
