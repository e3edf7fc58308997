import { createHmac, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AdmissionJwk } from '../contract/service';
import type { Config, SigningSecret } from '../config/config';
import { signingKeyList } from '../config/kinds';
import { type CompactPurpose, deriveKeys, type DerivedKeys } from './derived-keys';
import { readOrMakeSecret } from './secret-file';

const VERSION = 's1';

/** Our own tokens are far shorter; anything longer is not looked at. */
const LONGEST_TOKEN = 4_096;
/** 96 bits: no two students of a university share one. */
const LOG_NAME_LENGTH = 16;

/**
 * The keys behind everything that is signed here: sign-ins and tickets (HMAC-SHA256, a few µs each), admissions (ES256,
 * which other sites check by JWKS). The first secret signs, all of them verify.
 */
export class SigningKeys {
  private readonly current: DerivedKeys;
  private readonly byKid: ReadonlyMap<string, DerivedKeys>;

  /** @param secrets at least one, with different key ids */
  constructor(secrets: readonly SigningSecret[]) {
    const keys = secrets.map(({ kid, secret }) => deriveKeys(kid, Buffer.from(secret, 'base64')));
    const [current] = keys;
    if (!current) throw new Error('at least one signing key is needed');
    this.current = current;
    this.byKid = new Map(keys.map((key) => [key.kid, key]));
    if (this.byKid.size < keys.length) throw new Error('two signing keys have the same key id');
  }

  /** `s1.<payload>.<key id>.<mac>`; the payload is readable by whoever holds the token, and cannot be changed. */
  signCompact(purpose: CompactPurpose, payload: object): string {
    const body = Buffer.from(JSON.stringify(payload)).toString('base64url');
    const signed = `${VERSION}.${body}.${this.current.kid}`;
    return `${signed}.${macOf(signed, this.current.compact[purpose])}`;
  }

  /** The payload, or undefined when the token is malformed, forged, for another purpose, or by a key that is gone. */
  verifyCompact(purpose: CompactPurpose, token: string): object | undefined {
    if (token.length > LONGEST_TOKEN) return undefined;
    const [version, body, kid, mac, ...rest] = token.split('.');
    if (version !== VERSION || !body || !kid || !mac || rest.length > 0) return undefined;
    const keys = this.byKid.get(kid);
    if (!keys) return undefined;
    const expected = Buffer.from(macOf(`${VERSION}.${body}.${kid}`, keys.compact[purpose]));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
  }

  /**
   * What stands for a student in logs, 16 characters: the same on every pod for as long as the key that signs is the same.
   * Who has the log alone cannot find out whose it is by trying all ids.
   */
  logName(studentId: string): string {
    return macOf(studentId, this.current.log).slice(0, LOG_NAME_LENGTH);
  }

  /** What new admissions are signed with (ES256). */
  admissionKey(): { kid: string; privateKey: KeyObject } {
    return { kid: this.current.kid, privateKey: this.current.admission.privateKey };
  }

  /** The public key of an admission by its `kid`; undefined when there is none such (any more). */
  admissionVerifyKey(kid: string): KeyObject | undefined {
    return this.byKid.get(kid)?.admission.publicKey;
  }

  /** The public keys of admissions, for /.well-known/jwks.json. */
  jwks(): { keys: AdmissionJwk[] } {
    return { keys: [...this.byKid.values()].map(({ admission }) => admission.jwk) };
  }
}

const macOf = (text: string, key: KeyObject): string => createHmac('sha256', key).update(text).digest('base64url');

/**
 * The keys of SIGNING_KEYS, or else those kept in DATA_DIR/signing-keys, made there at the first start. The file has the
 * same form, so that a key can be put in front of it by hand.
 *
 * @throws Error when the file cannot be read or holds anything else
 */
export function loadSigningKeys(config: Pick<Config, 'signingKeys' | 'dataDir'>): SigningKeys {
  if (config.signingKeys?.length) return new SigningKeys(config.signingKeys);
  const file = readOrMakeSecret(
    config.dataDir,
    'signing-keys',
    () => `k${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}`,
  );
  const secrets = signingKeyList.safeParse(file.text);
  if (!secrets.success || secrets.data.length === 0) {
    throw new Error(`${file.path} must hold ${signingKeyList.description}; move it away to have a new one made`);
  }
  return new SigningKeys(secrets.data);
}
