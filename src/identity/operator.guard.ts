import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../common/domain-error';
import { OperatorDirectory } from './operator-directory';
import { OperatorTries } from './operator-tries';
import { bearerToken } from './request-token';

type OperatorRequest = Request & { operator?: string };

const refusal = (): DomainError => new DomainError('not_operator', 'This needs an operator token.');

/**
 * Lets operators through, by bearer token only: no browser sends that by itself. Otherwise `not_operator`, or
 * `too_many_requests` after many wrong tokens from the same address.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly operators: OperatorDirectory,
    private readonly tries: OperatorTries,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<OperatorRequest>();
    const token = bearerToken(request.headers);
    if (token === undefined) throw refusal();
    const [address, now] = [request.ip ?? '', Date.now()];
    if (!this.tries.mayTry(address, now)) {
      throw new DomainError('too_many_requests', 'Many wrong operator tokens came from here. Please wait a moment.');
    }
    request.operator = this.operators.nameOf(token);
    if (request.operator === undefined) {
      this.tries.wrong(address, now);
      throw refusal();
    }
    return true;
  }
}

/** The name of the operator whom OperatorGuard let through. */
export const CurrentOperator = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { operator } = context.switchToHttp().getRequest<OperatorRequest>();
  if (operator === undefined) throw refusal();
  return operator;
});
