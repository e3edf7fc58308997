import type { z } from 'zod';
import { isLoopback } from '../common/addresses';
import { crossCheck, defaultsOf } from './cross-checks';
import { type Settings, settings } from './settings';

export { graceFloorMs } from './cross-checks';

/** Injection token of the one `Config`. */
export const CONFIG = Symbol('Config');

/** The whole configuration: what may be set, what contradicts, and what follows from it. */
export const configSchema = settings.superRefine(crossCheck).transform(complete);

/** The environment, checked once at the start; nothing in it changes afterwards. Secrets are in it: never log it. */
export type Config = Frozen<z.output<typeof configSchema>>;

export type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

export type HttpConfig = Config['http'];
export type SsoConfig = NonNullable<Config['signIn']['sso']>;
export type StatedYear = Config['classYears'][number];
export type SigningSecret = NonNullable<Config['signingKeys']>[number];
export type OperatorToken = Config['operatorTokens'][number];
export type LiveConfig = Config['live'];

function complete(values: Settings) {
  const { given: _, http, signIn, logFormat, production, ...rest } = values;
  const { clustered, demo, host } = defaultsOf(values);
  const { jwksUrl, issuer, audience, ...others } = signIn.sso;
  const sso = jwksUrl && issuer && audience ? { jwksUrl, issuer, audience, ...others } : undefined;
  return {
    /**
     * Embedded: the line in this process, the truth in an SQLite file, nothing to install. Clustered: the line in Redis,
     * the truth in MySQL or MariaDB, any number of pods.
     */
    mode: clustered ? ('clustered' as const) : ('embedded' as const),
    production,
    ...rest,
    http: { ...http, host },
    /** Demo: anybody may sign in under any student id. Never together with `sso`; at least one of the two is there. */
    signIn: { ...signIn, demo, sso },
    logFormat: logFormat ?? (production ? ('json' as const) : ('text' as const)),
    /** What is allowed and yet looks like a mistake, a sentence each, without values; for the log at the start. */
    warnings: warningsOf(demo, host, jwksUrl),
  };
}

function warningsOf(demo: boolean, host: string, jwksUrl: string | undefined): string[] {
  const warnings: string[] = [];
  if (demo && !isLoopback(host)) {
    warnings.push('The demo sign-in is open to the network: anybody who reaches HOST can be any student.');
  }
  const jwks = jwksUrl === undefined ? undefined : new URL(jwksUrl);
  if (jwks?.protocol === 'http:' && !isLoopback(jwks.hostname)) {
    warnings.push('AUTH_JWKS_URL is http: whoever sits in between can replace the keys and be any student.');
  }
  return warnings;
}
