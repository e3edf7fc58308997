import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DomainError } from '../common/domain-error';
import { OperatorDirectory } from './operator-directory';
import { bearerToken } from './request-token';

type OperatorRequest = Request & { operator?: string };

const refusal = (): DomainError => new DomainError('not_operator', 'This needs an operator token.');

/** Lets operators through, by bearer token only: no browser sends that by itself. Otherwise `not_operator`. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly operators: OperatorDirectory) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<OperatorRequest>();
    request.operator = this.operators.nameOf(bearerToken(request.headers) ?? '');
    if (request.operator === undefined) throw refusal();
    return true;
  }
}

/** The name of the operator whom OperatorGuard let through. */
export const CurrentOperator = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { operator } = context.switchToHttp().getRequest<OperatorRequest>();
  if (operator === undefined) throw refusal();
  return operator;
});
