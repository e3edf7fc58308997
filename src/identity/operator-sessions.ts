import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { CookieOptions, Request, Response } from 'express';
import { z } from 'zod';
import { randomId } from '../common/ids';
import { type Config, CONFIG } from '../config/config';
import { Database } from '../database/database';
import { type Operator, OperatorDirectory } from './operator-directory';
import { OriginPolicy } from './origin-policy';
import { onlyCookie, OPERATOR_HOST_COOKIE, OPERATOR_PLAIN_COOKIE } from './request-token';
import { SignInEnds } from './sign-in-ends';
import { SigningKeys } from './signing-keys';

/** How long a sign-in to the console lasts that nobody uses, ms; in use it is given anew when half of it is over. */
const UNUSED_MS = 30 * 60_000;
/** How long it lasts in any case: a long day's work, ms. */
const LONGEST_MS = 14 * 3_600_000;

/** Short names: the cookie travels with every request. Times in ms. */
const claimsSchema = z.object({
  sub: z.string(),
  /** Which token it was made with. */
  mark: z.string(),
  id: z.string(),
  /** When the operator signed in. */
  from: z.int(),
  exp: z.int(),
  /** Given over https, and so to be found in the cookie of this very host only. */
  host: z.literal(true).optional(),
});

type Claims = z.output<typeof claimsSchema>;

/** An operator who came by the console's cookie. */
export interface CookieSession {
  operator: Operator;
  expiresAt: number;
  claims: Claims;
}

/**
 * The sign-ins of the console: a signed cookie of an operator, for pages of our own only. It ends after half an hour
 * without use, when the operator signs out (on every pod), and with the token it was made with.
 */
@Injectable()
export class OperatorSessions {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: SigningKeys,
    private readonly operators: OperatorDirectory,
    private readonly ends: SignInEnds,
    private readonly origins: OriginPolicy,
    private readonly database: Database,
  ) {}

  /** Who asks by the cookie; undefined when nobody does who may, or when the page that asks is not our own. */
  of(headers: IncomingHttpHeaders): CookieSession | undefined {
    if (!this.origins.isOwnPage(headers)) return undefined;
    const claims = this.claimsIn(headers);
    const operator = claims && this.operators.byMark(claims.sub, claims.mark);
    if (!operator || claims.exp <= this.database.clock.now() || this.ends.isEnded(issued(claims))) return undefined;
    return { operator, expiresAt: claims.exp, claims };
  }

  /** Whether the sign-in has not been ended since, and may not be over: whether it was used meanwhile is not known. */
  goesOn({ claims, operator }: CookieSession): boolean {
    const isOld = claims.from + LONGEST_MS <= this.database.clock.now();
    return (
      !isOld && !this.ends.isEnded(issued(claims)) && this.operators.byMark(operator.name, operator.mark) !== undefined
    );
  }

  /** Signs in, in this browser. @returns when that ends unless it is used, ms since the Unix epoch */
  begin({ name, mark }: Operator, request: Request, response: Response): number {
    const from = this.database.clock.now();
    return this.give({ sub: name, mark, id: randomId(), from, exp: 0 }, request, response);
  }

  /** Lets a sign-in that is half over last longer. @returns until when, ms since the Unix epoch */
  renew({ claims, expiresAt }: CookieSession, request: Request, response: Response): number {
    const isYoung = expiresAt - this.database.clock.now() > UNUSED_MS / 2;
    return isYoung ? expiresAt : this.give(claims, request, response);
  }

  /** Ends the sign-in that the browser has, if any, everywhere. @throws DomainError `database_unavailable`: it goes on */
  async end(request: Request, response: Response): Promise<Operator | undefined> {
    const session = this.of(request.headers);
    if (session) await this.ends.end(issued(session.claims), session.operator.name);
    const overHttps = this.isOverHttps(request);
    response.clearCookie(OPERATOR_PLAIN_COOKIE, cookieOptions(overHttps));
    if (overHttps) response.clearCookie(OPERATOR_HOST_COOKIE, cookieOptions(true));
    return session?.operator;
  }

  private give(claims: Claims, request: Request, response: Response): number {
    const overHttps = this.isOverHttps(request);
    const now = this.database.clock.now();
    const exp = Math.min(now + UNUSED_MS, claims.from + LONGEST_MS);
    const { host: _before, ...same } = claims;
    const token = this.keys.signCompact('operator', { ...same, exp, ...(overHttps && { host: true }) });
    const name = overHttps ? OPERATOR_HOST_COOKIE : OPERATOR_PLAIN_COOKIE;
    response.cookie(name, token, { ...cookieOptions(overHttps), maxAge: exp - now });
    return exp;
  }

  /** Two cookies of one name are none: one of them is somebody else's work. */
  private claimsIn(headers: IncomingHttpHeaders): Claims | undefined {
    const read = (name: string, isHost: boolean): Claims | undefined => {
      const token = onlyCookie(headers, name);
      const claims = claimsSchema.safeParse(token && this.keys.verifyCompact('operator', token)).data;
      return isHost || !claims?.host ? claims : undefined;
    };
    try {
      return read(OPERATOR_HOST_COOKIE, true) ?? read(OPERATOR_PLAIN_COOKIE, false);
    } catch {
      return undefined;
    }
  }

  private isOverHttps(request: Request): boolean {
    return request.secure || this.config.http.publicUrl?.startsWith('https:') === true;
  }
}

const cookieOptions = (secure: boolean): CookieOptions => ({ httpOnly: true, sameSite: 'strict', secure, path: '/' });

/** No student's id has a colon in it; the name of an operator may be longer than the column. */
const issued = ({ sub, id, from }: Claims) => ({
  studentId: `op:${createHash('sha256').update(sub).digest('base64url')}`,
  id,
  issuedAt: from,
});
