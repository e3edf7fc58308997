import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwksCache,
  type JWKSCacheInput,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { classYearSchema, nameSchema } from '../contract/identity';
import { rootText } from '../common/text';
import type { SsoConfig } from '../config/config';
import { DomainError } from '../common/domain-error';
import { studentIdSchema } from '../contract/fields';
import { claimValues } from './claims';
import { emailSchema } from './student';

/** What the provider says of somebody. */
export interface SsoIdentity {
  id: string;
  name?: string;
  classYear?: string;
  email?: string;
  /** The latest moment at which the provider can have said so, ms since the Unix epoch by our clocks; not all say when. */
  saidBy?: number;
}

/** How long the provider may take to answer, ms. */
const FETCH_TIMEOUT_MS = 4_000;

/** Keys are asked for again after this, so that a key which was taken back ends here too, ms. */
const KEYS_FRESH_MS = 600_000;

/** A token with an unknown key id causes another look at the keys, at most this often, ms. */
const LOOK_AGAIN_MS = 15_000;

/** While the provider is away its last keys are good for this long after they were fetched, ms. */
const KEYS_STALE_MS = 3_600_000;

/** The provider's keys could not be had; says nothing about the token. */
class KeysUnavailable extends Error {}

/** Checks tokens of the university's identity provider. Only at sign-in: who is signed in does not need it any more. */
export class SsoVerifier {
  private readonly keys: JWTVerifyGetKey;

  /** @param now for the times in the token, ms since the Unix epoch */
  constructor(
    private readonly sso: SsoConfig,
    private readonly now: () => number = Date.now,
  ) {
    this.keys = keysOf(new URL(sso.jwksUrl));
  }

  /**
   * @param nonce what the page had asked the provider to put into the token (OpenID Connect Core 3.1.3.7); a token with
   * one is good for the page that knows it, and no token without one is good for a page that asked for it
   * @throws DomainError `sign_in_refused` when the token is not good; `sign_in_unavailable` (retryable) when that cannot
   * be told because the provider is away
   */
  async verify(token: string, nonce?: string): Promise<SsoIdentity> {
    const payload = await this.checkToken(token);
    if (payload.nonce !== nonce) {
      throw new DomainError('sign_in_refused', 'This sign-in was made for another page.', { reason: 'nonce' });
    }
    return this.toIdentity(payload);
  }

  private async checkToken(token: string): Promise<JWTPayload> {
    const { issuer, audience, algorithms, clockSkewSeconds } = this.sso;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: clockSkewSeconds,
        requiredClaims: ['exp'],
        currentDate: new Date(this.now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof KeysUnavailable) {
        const message = 'The sign-in service does not answer. Please try again.';
        throw new DomainError('sign_in_unavailable', message, undefined, { cause: error });
      }
      if (!(error instanceof errors.JOSEError)) throw error;
      throw new DomainError('sign_in_refused', 'This sign-in is not valid.', { reason: error.code }, { cause: error });
    }
  }

  private toIdentity(payload: JWTPayload): SsoIdentity {
    const { claims, clockSkewSeconds } = this.sso;
    const [id, ...others] = usable(studentIdSchema, claimValues(payload, claims.id));
    // Of two ids nobody knows which one is meant.
    if (id === undefined || others.length > 0) {
      throw new DomainError('sign_in_refused', 'This sign-in carries no student id that can be used here.', {
        reason: 'student_id',
      });
    }
    return {
      id,
      name: usable(nameSchema, claimValues(payload, claims.name))[0],
      classYear: usable(classYearSchema, claimValues(payload, claims.classYear))[0],
      email: usable(emailSchema, claimValues(payload, claims.email))[0],
      // Within the second that it names.
      ...(payload.iat !== undefined && { saidBy: (payload.iat + 1 + clockSkewSeconds) * 1_000 - 1 }),
    };
  }
}

/** Some providers give numbers as numbers. One that is not exact may stand for several students. */
const asText = (claim: unknown): unknown => (Number.isSafeInteger(claim) ? String(claim) : claim);

/** What of a claim can be used, each once. A claim besides the id that is missing or odd keeps nobody out. */
const usable = (schema: z.ZodType<string>, values: unknown[]): string[] => [
  ...new Set(values.flatMap((value) => schema.safeParse(asText(value)).data ?? [])),
];

function keysOf(url: URL): JWTVerifyGetKey {
  const cache: { uat?: number } = {};
  const report = outageReport();
  const remote = createRemoteJWKSet(url, {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cacheMaxAge: KEYS_FRESH_MS,
    cooldownDuration: LOOK_AGAIN_MS,
    [jwksCache]: cache as JWKSCacheInput,
  });
  return async (header, token) => {
    try {
      const key = await remote(header, token);
      report(undefined);
      return key;
    } catch (error) {
      if (isAboutTheToken(error)) throw error;
      report(error);
      const last = remote.jwks();
      const stillGood = cache.uat !== undefined && Date.now() < cache.uat + KEYS_STALE_MS;
      if (last && stillGood) return staleKey(last, error)(header, token);
      throw new KeysUnavailable('the JWKS could not be fetched', { cause: error });
    }
  };
}

/** One line when the keys cannot be had and one when they can again; never the URL, which may hold a secret. */
function outageReport(): (trouble: unknown) => void {
  const logger = new Logger('Identity');
  let away = false;
  return (trouble) => {
    if (trouble !== undefined && !away) {
      logger.warn({ code: 'sso_keys_away', reason: rootText(trouble) }, 'No keys from AUTH_JWKS_URL');
    }
    if (trouble === undefined && away) logger.log({ code: 'sso_keys_back' }, 'Keys from AUTH_JWKS_URL again');
    away = trouble !== undefined;
  };
}

/** By the last keys that are known; a key that is not among them may well be a new one, so that is no refusal. */
function staleKey(last: JSONWebKeySet, away: unknown): JWTVerifyGetKey {
  const local = createLocalJWKSet(last);
  return async (header, token) => {
    try {
      return await local(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) {
        throw new KeysUnavailable('the JWKS could not be fetched', { cause: away });
      }
      throw error;
    }
  };
}

const isAboutTheToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;
