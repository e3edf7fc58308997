import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { compactVerify, decodeJwt, type JWK, SignJWT } from 'jose';
import { z } from 'zod';
import { readOrMakeSecret } from '../../src/identity/secret-file';

/** Where `npm run issuer` and `npm run tokens` keep the key that they share. */
export const DEFAULT_KEY_FILE = '.cache/issuer-key.json';

export const DEFAULT_ISSUER = 'http://127.0.0.1:4000';

export const DEFAULT_AUDIENCE = 'sunbeon';

/** What a token says of a student, in the claims that the service reads by default. */
export interface IssuedIdentity {
  sub: string;
  name?: string;
  email?: string;
  class_year?: string;
  nonce?: string;
}

export interface TokenTerms {
  issuer: string;
  audience: string;
  /** From now; negative for a token that has ended. Default 24 hours. */
  lifetimeSeconds?: number;
  /** When the token starts to hold, from now. */
  notBeforeSeconds?: number;
}

const storedSchema = z.object({ kid: z.string().min(1), jwk: z.record(z.string(), z.unknown()) });

/** The key pair (P-256) of the local identity provider. */
export class IssuerKey {
  private constructor(
    readonly kid: string,
    private readonly privateKey: KeyObject,
  ) {}

  /** A key that ends with the process. */
  static make(): IssuerKey {
    return new IssuerKey(newKid(), generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  }

  /** The key kept in `file`, made there when there is none. @throws Error when the file holds anything else */
  static keep(file: string): IssuerKey {
    const { text } = readOrMakeSecret(dirname(file), basename(file), () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return JSON.stringify({ kid: newKid(), jwk: privateKey.export({ format: 'jwk' }) });
    });
    try {
      const { kid, jwk } = storedSchema.parse(JSON.parse(text));
      return new IssuerKey(kid, createPrivateKey({ key: jwk, format: 'jwk' }));
    } catch (error) {
      throw new Error(`${file} holds no key of the issuer; move it away to have a new one made`, { cause: error });
    }
  }

  publicJwk(): JWK {
    return { ...createPublicKey(this.privateKey).export({ format: 'jwk' }), kid: this.kid, alg: 'ES256', use: 'sig' };
  }

  /** The claims of a token that this key signed, also of one that has ended; undefined for anything else. */
  async claimsOf(token: string): Promise<{ sub?: string; aud?: string | string[] } | undefined> {
    return compactVerify(token, createPublicKey(this.privateKey)).then(
      () => decodeJwt(token),
      () => undefined,
    );
  }

  sign(identity: IssuedIdentity, terms: TokenTerms): Promise<string> {
    const { issuer, audience, lifetimeSeconds = 86_400, notBeforeSeconds } = terms;
    const now = Math.floor(Date.now() / 1_000);
    const token = new SignJWT({ ...identity })
      .setProtectedHeader({ alg: 'ES256', kid: this.kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds);
    if (notBeforeSeconds !== undefined) token.setNotBefore(now + notBeforeSeconds);
    return token.sign(this.privateKey);
  }
}

const newKid = (): string => `issuer-${randomBytes(4).toString('hex')}`;
