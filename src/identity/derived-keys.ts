import { createECDH, createPrivateKey, createPublicKey, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { AdmissionJwk } from '../contract/service';

/** What a token is for. Each purpose has a key of its own, so a token for one is nothing for another. */
export type CompactPurpose = 'sign-in' | 'ticket' | 'operator';

/** Everything that one secret stands for. */
export interface DerivedKeys {
  kid: string;
  compact: Record<CompactPurpose, KeyObject>;
  /** What students are called in logs is made by. */
  log: KeyObject;
  admission: { privateKey: KeyObject; publicKey: KeyObject; jwk: AdmissionJwk };
}

/** Order of the group of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Keys for every purpose from one secret by HKDF-SHA256 (RFC 5869). The same secret gives the same keys on every pod. */
export function deriveKeys(kid: string, secret: Buffer): DerivedKeys {
  return {
    kid,
    compact: {
      'sign-in': createSecretKey(derive(secret, 'sign-in', 32)),
      ticket: createSecretKey(derive(secret, 'ticket', 32)),
      operator: createSecretKey(derive(secret, 'operator', 32)),
    },
    log: createSecretKey(derive(secret, 'log', 32)),
    admission: deriveAdmissionKeys(kid, secret),
  };
}

function derive(secret: Buffer, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'sunbeon', `sunbeon ${purpose} v1`, bytes));
}

/**
 * A P-256 key pair whose private scalar comes from 48 derived bytes, reduced: 128 bits more than the order has keep the
 * bias out of reach (FIPS 186-5 A.2.1, which asks for 64).
 */
function deriveAdmissionKeys(kid: string, secret: Buffer): DerivedKeys['admission'] {
  const wide = BigInt(`0x${derive(secret, 'admission', 48).toString('hex')}`);
  const scalar = (wide % (P256_ORDER - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  // Uncompressed point: 0x04, then 32 bytes each of x and y.
  const point = curve.getPublicKey();
  const shape = { kty: 'EC', crv: 'P-256' } as const;
  const coordinates = { x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const privateKey = createPrivateKey({
    key: { ...shape, ...coordinates, d: d.toString('base64url') },
    format: 'jwk',
  });
  return {
    privateKey,
    publicKey: createPublicKey(privateKey),
    jwk: { ...shape, ...coordinates, kid, alg: 'ES256', use: 'sig' },
  };
}
