import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import type { SigningKeys } from './signing-keys';
import type { Roster } from './roster';
import { SignInPace } from './sign-in-pace';
import type { SsoVerifier } from './sso-verifier';
import { type Language, languageSchema, type SignedInStudent, type Student } from './student';
import type { StudentDirectory } from './student-directory';

export interface SignIn {
  /** Our own signed sign-in, for the cookie or as bearer token. */
  token: string;
  student: SignedInStudent;
  /** ms since the Unix epoch. */
  expiresAt: number;
}

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

/** Short names: the token travels with every request. Times in ms. */
const claimsSchema = z.object({
  sub: z.string(),
  name: z.string(),
  year: z.string().optional(),
  mail: z.string().optional(),
  lang: languageSchema,
  iat: z.int(),
  exp: z.int(),
});

/**
 * SSO and demo both end in a signed sign-in of our own, which lasts as long as the room: a provider that is away, or a
 * token of its that ends while somebody waits, costs nobody the place.
 */
export class SignInService {
  private readonly now: () => number;
  private readonly pace = new SignInPace();

  /** @param sso absent when there is none */
  constructor(
    private readonly options: SignInOptions,
    private readonly keys: SigningKeys,
    private readonly roster: Roster,
    private readonly students: StudentDirectory,
    private readonly sso?: SsoVerifier,
  ) {
    this.now = options.now ?? Date.now;
  }

  /**
   * @throws DomainError `sign_in_refused` when the demo is off; `not_on_roster`; `too_many_requests`;
   * `database_unavailable`
   */
  async withDemo({ studentId, name, classYear }: DemoIdentity, language: Language): Promise<SignIn> {
    if (!this.options.demo) throw new DomainError('sign_in_refused', 'The demo sign-in is off.');
    return this.complete({ id: studentId, name, classYear }, language);
  }

  /**
   * @throws DomainError `sign_in_refused`, `sign_in_unavailable`; `not_on_roster`; `too_many_requests`;
   * `database_unavailable`
   */
  async withSso(token: string, language: Language): Promise<SignIn> {
    if (!this.sso) throw new DomainError('sign_in_refused', 'There is no single sign-on here.');
    return this.complete(await this.sso.verify(token), language);
  }

  /** Cheap (an HMAC), and needs nobody else. @throws DomainError `not_signed_in`, `sign_in_expired` */
  verify(token: string | undefined): SignedInStudent {
    if (!token) throw new DomainError('not_signed_in', 'Please sign in.');
    const claims = claimsSchema.safeParse(this.keys.verifyCompact('sign-in', token));
    if (!claims.success) throw new DomainError('not_signed_in', 'Please sign in.');
    const { sub, name, year, mail, lang, iat, exp } = claims.data;
    if (exp <= this.now()) throw new DomainError('sign_in_expired', 'Your sign-in has expired. Please sign in again.');
    return { id: sub, name, classYear: year, email: mail, language: lang, issuedAt: iat, expiresAt: exp };
  }

  private async complete(
    who: { id: string; name?: string; classYear?: string; email?: string },
    language: Language,
  ): Promise<SignIn> {
    if (!this.roster.mayJoin(who.id)) {
      throw new DomainError('not_on_roster', 'You are not on the list of those who may register.');
    }
    if (!this.pace.take(who.id, this.now())) {
      throw new DomainError('too_many_requests', 'You have signed in very often. Please wait a moment.');
    }
    const entry = this.roster.lookup(who.id);
    const student: Student = {
      id: who.id,
      name: entry?.name ?? who.name ?? who.id,
      classYear: entry?.classYear ?? who.classYear,
      email: entry?.email ?? who.email,
      language,
    };
    await this.students.upsert(student);
    return this.issue(student);
  }

  private issue(student: Student): SignIn {
    const issuedAt = this.now();
    const expiresAt = issuedAt + this.options.lifetimeMs;
    const claims: z.input<typeof claimsSchema> = {
      sub: student.id,
      name: student.name,
      year: student.classYear,
      mail: student.email,
      lang: student.language,
      iat: issuedAt,
      exp: expiresAt,
    };
    return { token: this.keys.signCompact('sign-in', claims), student: { ...student, issuedAt, expiresAt }, expiresAt };
  }
}
