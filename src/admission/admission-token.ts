import { Injectable } from '@nestjs/common';
import { createHash, KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { DomainError } from '../common/domain-error';
import { SigningKeys } from '../identity/signing-keys';

const AUDIENCE = 'sunbeon:admission';
const ISSUER = 'sunbeon';
const ALGORITHM = 'ES256';
/** Verified tokens that are remembered; a verification costs about 0.1 ms, a look-up nothing. */
const REMEMBERED = 10_000;

/** What an admission token says. */
export interface AdmissionClaims {
  studentId: string;
  roomId: string;
  termId: string;
  /** Ticket number. */
  number: number;
  jti: string;
  /** ms since the Unix epoch. */
  expiresAt: number;
}

const payloadSchema = z.object({
  sub: z.string().min(1),
  room: z.string().min(1),
  term: z.string().min(1),
  number: z.int().min(1),
  jti: z.string().min(1),
  exp: z.number(),
});

/** The id of the admission of one ticket. Derived, so that any pod makes the same token and none is given twice. */
export function admissionId(roomId: string, number: number): string {
  return createHash('sha256').update(`admission\n${roomId}\n${number}`).digest('base64url');
}

/** Signs and verifies admission tokens: JWT, ES256, checkable by any site with the keys of /.well-known/jwks.json. */
@Injectable()
export class AdmissionTokenSigner {
  private readonly verified = new Map<string, AdmissionClaims>();

  constructor(private readonly keys: SigningKeys) {}

  sign(claims: Omit<AdmissionClaims, 'jti'>): Promise<string> {
    const { kid, privateKey } = this.keys.admissionKey();
    return new SignJWT({ room: claims.roomId, term: claims.termId, number: claims.number })
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(claims.studentId)
      .setJti(admissionId(claims.roomId, claims.number))
      .setExpirationTime(Math.ceil(claims.expiresAt / 1_000))
      .sign(privateKey);
  }

  /**
   * Checks signature, audience and expiry; whether the admission still lives is another question.
   *
   * @param now ms since the Unix epoch, by the stores' clock
   * @throws DomainError `admission_expired`, `admission_invalid`
   */
  async verify(token: string, now: number): Promise<AdmissionClaims> {
    const claims = await this.verifySigned(token);
    if (claims.expiresAt <= now) throw new DomainError('admission_expired', 'Your time inside is over.');
    return claims;
  }

  /**
   * Checks all but the expiry, which whoever has a better clock than this pod's decides.
   *
   * @throws DomainError `admission_invalid`
   */
  async verifySigned(token: string): Promise<AdmissionClaims> {
    const known = this.verified.get(token);
    if (known) return known;
    const claims = await this.verifySignature(token);
    if (this.verified.size >= REMEMBERED) this.verified.delete(this.verified.keys().next().value as string);
    this.verified.set(token, claims);
    return claims;
  }

  private publicKey(kid: string | undefined): KeyObject {
    const key = this.keys.admissionVerifyKey(kid ?? '');
    if (!key) throw new DomainError('admission_invalid', 'This admission was signed with an unknown key.');
    return key;
  }

  private async verifySignature(token: string): Promise<AdmissionClaims> {
    try {
      const { payload } = await jwtVerify(token, ({ kid }) => this.publicKey(kid), {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: [ALGORITHM],
        // Before every expiry.
        currentDate: new Date(0),
      });
      const { sub, room, term, number, jti, exp } = payloadSchema.parse(payload);
      return { studentId: sub, roomId: room, termId: term, number, jti, expiresAt: exp * 1_000 };
    } catch (error) {
      throw new DomainError('admission_invalid', 'This admission is not valid.', undefined, { cause: error });
    }
  }
}
