import { randomBytes } from 'node:crypto';
import { SigningKeys } from '../../src/identity/signing-keys';
import type { Database } from '../../src/database/database';
import { addStudents } from '../support/small-term';
import type { Comer } from './plan';

const DAY_MS = 86_400_000;

/**
 * Sign-ins by a key that the service is started with: thousands of sign-ins over HTTP would be a bench of their own.
 * Students are `PREFIX0` and up.
 */
export class SignInMint {
  /** For SIGNING_KEYS. */
  readonly secret = { kid: 'swarm', secret: randomBytes(32).toString('base64') };
  private readonly keys = new SigningKeys([this.secret]);

  get variable(): string {
    return `${this.secret.kid}:${this.secret.secret}`;
  }

  comers(count: number, prefix = 'b'): Comer[] {
    const [iat, exp] = [Date.now(), Date.now() + DAY_MS];
    return Array.from({ length: count }, (_, index) => {
      const id = `${prefix}${index}`;
      return { id, token: this.keys.signCompact('sign-in', { sub: id, name: id, lang: 'en', iat, exp }) };
    });
  }

  /** Makes them known, as signing in would. */
  async enrol(database: Database, count: number, prefix = 'b'): Promise<void> {
    await addStudents(database, count, prefix);
  }
}
