import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { Logger } from '@nestjs/common';
import { languageSchema, type SignedInStudent, type SignIn, type MailLanguage } from '../contract/identity';
import { DomainError } from '../common/domain-error';
import { KeyedRateLimiter } from '../common/rate-limiter';
import type { ClassYears } from './class-year';
import { type GivenSignIn, givenSignIn } from './request-token';
import type { IssuedSignIn, SignInEnds } from './sign-in-ends';
import type { SigningKeys } from './signing-keys';
import type { Roster } from './roster';
import type { SsoVerifier } from './sso-verifier';
import { type Student } from './student';
import type { StudentDirectory } from './student-directory';

/** What somebody says of themselves, in the demo. */
export interface DemoIdentity {
  studentId: string;
  name?: string;
  classYear?: string;
}

export interface SignInOptions {
  /** How long a sign-in lasts, ms. */
  lifetimeMs: number;
  /** Whether anybody may sign in under any student id. */
  demo: boolean;
  /** ms since the Unix epoch. */
  now?: () => number;
}

/**
 * More at once than anybody has windows and devices. By student and not by address, for a whole campus may share one; and
 * only once the identity is proved, so that nobody can use up somebody else's.
 */
const SIGN_INS_OF_A_STUDENT = { burst: 20, count: 1, periodMs: 3_000, mostKeys: 20_000 };

/** Short names: the token travels with every request. Times in ms. */
const claimsSchema = z.object({
  sub: z.string(),
  name: z.string(),
  year: z.string().optional(),
  mail: z.string().optional(),
  lang: languageSchema,
  iat: z.int(),
  exp: z.int(),
  /** Given over https, and so to be found in the cookie of this very host, never in the plain one. */
  host: z.literal(true).optional(),
});

type Claims = z.output<typeof claimsSchema>;

/** How somebody signs in. */
export interface SignInWay {
  /** For mails. */
  language: MailLanguage;
  /** Whether the browser gets the cookie that only this very host can set. */
  overHttps: boolean;
}

/** Spellings of class years that are spoken of, each once. */
const MOST_UNKNOWN_YEARS = 50;

/** Which sign-in a token is: its seal, which no other has, and which alone is no token. */
export const signInIdOf = (token: string): string => token.slice(token.lastIndexOf('.') + 1);

/**
 * SSO and demo both end in a signed sign-in of our own, which lasts as long as the room: a provider that is away, or a
 * token of its that ends while somebody waits, costs nobody the place.
 */
export class SignInService {
  private readonly now: () => number;
  private readonly logger = new Logger('Identity');
  private readonly unknownYears = new Set<string>();
  private readonly rates = new KeyedRateLimiter(SIGN_INS_OF_A_STUDENT);

  /** @param sso absent when there is none */
  constructor(
    private readonly options: SignInOptions,
    private readonly keys: SigningKeys,
    private readonly roster: Roster,
    private readonly students: StudentDirectory,
    private readonly ends: SignInEnds,
    private readonly classYears: ClassYears,
    private readonly sso?: SsoVerifier,
  ) {
    this.now = options.now ?? Date.now;
  }

  /**
   * @throws DomainError `sign_in_refused` when the demo is off; `not_on_roster`; `too_many_requests`;
   * `database_unavailable`
   */
  async withDemo({ studentId, name, classYear }: DemoIdentity, way: SignInWay): Promise<SignIn> {
    if (!this.options.demo) throw new DomainError('sign_in_refused', 'The demo sign-in is off.');
    if (classYear !== undefined && this.classYears.read(classYear) === undefined) {
      throw new DomainError('invalid_input', `classYear: ${JSON.stringify(classYear)} is no class year that is known.`);
    }
    return this.complete({ id: studentId, name, classYear }, way);
  }

  /**
   * @throws DomainError `sign_in_refused`, also for what the provider said before all sign-ins of the student were ended;
   * `sign_in_unavailable`; `not_on_roster`; `too_many_requests`; `database_unavailable`
   */
  async withSso(token: string, way: SignInWay, nonce?: string): Promise<SignIn> {
    if (!this.sso) throw new DomainError('sign_in_refused', 'There is no single sign-on here.');
    const { saidBy = 0, ...who } = await this.sso.verify(token, nonce);
    const endedUntil = this.ends.endedUntil(who.id);
    // Else a copy of it would outlive the end of all sign-ins that it was good for.
    if (endedUntil > 0 && saidBy <= endedUntil) {
      const message = 'This was a sign-in from before all of yours were ended. Please sign in again.';
      throw new DomainError('sign_in_refused', message, { reason: 'ended' });
    }
    return this.complete(who, way);
  }

  /**
   * Whom a request, or the handshake of a socket, is of. Cheap (an HMAC), and needs nobody else.
   *
   * @throws DomainError `not_signed_in`, `sign_in_expired` (also when it was ended), `sign_in_ambiguous`
   */
  verifyHeaders(headers: IncomingHttpHeaders): SignedInStudent {
    return this.verify(givenSignIn(headers));
  }

  /** The same of a sign-in that was taken out of them already, or said otherwise. */
  verify(given: GivenSignIn | undefined): SignedInStudent {
    const claims = given && this.readClaims(given.token);
    const planted = given?.by === 'plain_cookie' && claims?.host === true;
    if (!claims || planted) throw new DomainError('not_signed_in', 'Please sign in.');
    const { sub, name, year, mail, lang, iat, exp } = claims;
    const isEnded = this.ends.isEnded({ studentId: sub, id: signInIdOf(given.token), issuedAt: iat });
    if (exp <= this.now() || isEnded) {
      throw new DomainError('sign_in_expired', 'Your sign-in has ended. Please sign in again.');
    }
    const listed = this.asListed({ id: sub, name, classYear: year, email: mail });
    return { ...listed, language: lang, issuedAt: iat, expiresAt: exp };
  }

  /**
   * Ends the sign-in of a request on every pod, so that a copy of it is nothing any more; nothing happens when there is
   * none that is valid.
   *
   * @throws DomainError `database_unavailable`: then it goes on
   */
  async signOut(headers: IncomingHttpHeaders): Promise<void> {
    const signIn = this.issuedBy(headers);
    if (signIn) await this.ends.end(signIn);
  }

  /** Ends every sign-in of the student whose request it is. @throws as `verifyHeaders` and `signOut` */
  async signOutEverywhere(headers: IncomingHttpHeaders): Promise<void> {
    const { id } = this.verifyHeaders(headers);
    await this.ends.endAll(id, { by: 'student' }, this.issuedBy(headers));
  }

  private issuedBy(headers: IncomingHttpHeaders): IssuedSignIn | undefined {
    const given = givenSignIn(headers);
    const claims = given && this.readClaims(given.token);
    return claims && { studentId: claims.sub, id: signInIdOf(given.token), issuedAt: claims.iat };
  }

  private readClaims(token: string): Claims | undefined {
    return claimsSchema.safeParse(this.keys.verifyCompact('sign-in', token)).data;
  }

  private async complete(
    who: { id: string; name?: string; classYear?: string; email?: string },
    way: SignInWay,
  ): Promise<SignIn> {
    if (!this.roster.mayJoin(who.id)) {
      throw new DomainError('not_on_roster', 'You are not on the list of those who may register.');
    }
    if (!this.rates.take(who.id, this.now())) {
      throw new DomainError('too_many_requests', 'You have signed in very often. Please wait a moment.');
    }
    const own = { ...who, classYear: who.classYear === undefined ? undefined : this.readYear(who.classYear) };
    for (;;) {
      const entry = this.roster.lookup(who.id);
      const { name = who.id, ...listed } = this.asListed(own);
      const student: Student = { ...listed, name, language: way.language };
      await this.students.upsert(student);
      // A list that came meanwhile may say otherwise, and was written before this.
      if (this.roster.lookup(who.id) === entry) return this.issue(student, way.overHttps);
    }
  }

  /** The roster comes first, also before what it said when the sign-in was given. */
  private asListed<T extends Pick<Student, 'id'> & Partial<Student>>(who: T): T {
    const { name = who.name, classYear = who.classYear, email = who.email } = this.roster.lookup(who.id) ?? {};
    return { ...who, name, classYear, email };
  }

  /** One that nobody has stated is kept as it is written: it counts as none, and that is said. */
  private readYear(written: string): string {
    const read = this.classYears.read(written);
    if (read === undefined && this.unknownYears.size < MOST_UNKNOWN_YEARS && !this.unknownYears.has(written)) {
      this.unknownYears.add(written);
      const fields = { code: 'class_year_unknown', classYear: written };
      this.logger.warn(fields, 'A class year of the provider is none that is known; say in CLASS_YEARS what it means');
    }
    return read ?? written;
  }

  private issue(student: Student, overHttps: boolean): SignIn {
    // Whoever has just ended all sign-ins can sign in again, also on a pod whose clock is behind.
    const issuedAt = Math.max(this.now(), this.ends.endedUntil(student.id) + 1);
    const expiresAt = issuedAt + this.options.lifetimeMs;
    const claims: z.input<typeof claimsSchema> = {
      sub: student.id,
      name: student.name,
      year: student.classYear,
      mail: student.email,
      lang: student.language,
      iat: issuedAt,
      exp: expiresAt,
      host: overHttps || undefined,
    };
    return { token: this.keys.signCompact('sign-in', claims), student: { ...student, issuedAt, expiresAt }, expiresAt };
  }
}
