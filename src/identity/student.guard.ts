import type { IncomingHttpHeaders } from 'node:http';
import { CanActivate, createParamDecorator, ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { SignedInStudent } from '../contract/identity';
import { DomainError } from '../common/domain-error';
import { type GivenSignIn, givenSignIn } from './request-token';
import { SignInService } from './sign-in.service';

export type StudentRequest = Request & { student?: SignedInStudent };

/**
 * Lets signed-in students through, by bearer token or cookie.
 *
 * @throws DomainError `not_signed_in`, `sign_in_expired`, `sign_in_ambiguous`
 */
@Injectable()
export class StudentGuard implements CanActivate {
  constructor(private readonly signIn: SignInService) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<StudentRequest>();
    // The edge has looked already, where there is one.
    request.student ??= this.signIn.verifyHeaders(request.headers);
    return true;
  }
}

/** The `SignedInStudent` whom StudentGuard let through. */
export const CurrentStudent = createParamDecorator((_: unknown, context: ExecutionContext): SignedInStudent => {
  const { student } = context.switchToHttp().getRequest<StudentRequest>();
  if (!student) throw new DomainError('not_signed_in', 'Please sign in.');
  return student;
});

/** Whether somebody asks who is signed in, where everybody may: the edge has looked already. */
export const IsSignedIn = createParamDecorator(
  (_: unknown, context: ExecutionContext): boolean =>
    context.switchToHttp().getRequest<StudentRequest>().student !== undefined,
);

/**
 * The sign-in of who opens a socket: the `token` in socket.io's `auth`, else bearer token or cookie of the handshake.
 *
 * @throws DomainError `sign_in_ambiguous`
 */
export function signInOfHandshake(
  headers: IncomingHttpHeaders,
  auth?: Record<string, unknown>,
): GivenSignIn | undefined {
  const given = auth?.token;
  return typeof given === 'string' && given !== '' ? { token: given, by: 'bearer' } : givenSignIn(headers);
}
