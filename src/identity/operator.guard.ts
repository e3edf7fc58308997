import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { setTimeout as sleep } from 'node:timers/promises';
import { roleOf } from '../contract/call';
import { OPERATOR_ROLES, type OperatorRole } from '../contract/operate/console';
import { DomainError } from '../common/domain-error';
import { callOf } from '../common/serves';
import { type Operator, OperatorDirectory } from './operator-directory';
import { type CookieSession, OperatorSessions } from './operator-sessions';
import { WrongTokenThrottle } from './wrong-token-throttle';
import { bearerToken } from './request-token';

type OperatorRequest = Request & { operator?: Operator; operatorSession?: CookieSession };

const refusal = (): DomainError => new DomainError('not_operator', 'This needs an operator token.');

/**
 * Lets operators through whose role suffices for the call: by bearer token, which no browser sends by itself, or by the
 * cookie of the console, which counts for pages of our own only. Otherwise `not_operator`, which after many wrong tokens
 * from the same address takes a while, or is `too_many_requests` when too many wait for that already; or `role_too_low`.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(
    private readonly operators: OperatorDirectory,
    private readonly sessions: OperatorSessions,
    private readonly tries: WrongTokenThrottle,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<OperatorRequest>();
    const token = bearerToken(request.headers);
    if (token === undefined) request.operatorSession = this.sessions.of(request.headers);
    const operator = token === undefined ? request.operatorSession?.operator : this.operators.byToken(token);
    request.operator = operator;
    if (operator) return assertRole(context, operator);
    if (token === undefined) throw refusal();
    return this.refuse(request.ip ?? '');
  }

  /** Answers a wrong token, later after many from there. @throws DomainError `not_operator`, `too_many_requests` */
  async refuse(address: string): Promise<never> {
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

/** What is no call of the contract says nothing of who may: then only an owner. */
function assertRole(context: ExecutionContext, { role }: Operator): true {
  const call = callOf(context.getHandler());
  const needed: OperatorRole = call ? roleOf(call) : 'owner';
  if (OPERATOR_ROLES.indexOf(role) >= OPERATOR_ROLES.indexOf(needed)) return true;
  throw new DomainError('role_too_low', `This needs the role "${needed}"; yours is "${role}".`, { needed, role });
}

/** The operator whom OperatorGuard let through. */
export const AskingOperator = createParamDecorator((_: unknown, context: ExecutionContext): Operator => {
  const { operator } = context.switchToHttp().getRequest<OperatorRequest>();
  if (operator === undefined) throw refusal();
  return operator;
});

/** The sign-in to the console by which the operator came; undefined for who came by bearer token. */
export const ConsoleSession = createParamDecorator(
  (_: unknown, context: ExecutionContext): CookieSession | undefined =>
    context.switchToHttp().getRequest<OperatorRequest>().operatorSession,
);

/** The name of that operator. */
export const CurrentOperator = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { operator } = context.switchToHttp().getRequest<OperatorRequest>();
  if (operator === undefined) throw refusal();
  return operator.name;
});
