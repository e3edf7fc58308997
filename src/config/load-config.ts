import { resolve } from 'node:path';
import { isLoopback } from '../common/addresses';
import type { Config, SsoConfig, StatedYear } from './config';
import { type ConfigProblem, crossChecks } from './cross-checks';
import { misspellings } from './misspellings';
import { VARIABLES, type VariableValues } from './variables';
import type { Variable } from './variables/variable';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, at once. Names variables, never shows their values. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n` +
        problems.map(({ variable, message }) => `  ${variable} ${message}`).join('\n'),
    );
    this.name = 'ConfigError';
  }
}

/**
 * Reads the environment once. An empty variable counts as not set.
 *
 * @throws ConfigError with every problem: malformed values, missing ones, contradictions
 */
export function loadConfig(environment: Environment): Config {
  const { values, problems } = readVariables(environment);
  const warnings = misspellings(environment, Object.keys(VARIABLES));
  const config = assemble(values, modeOf(environment), warnings);
  const malformed = new Set(problems.map(({ variable }) => variable));
  const given = new Set(Object.keys(VARIABLES).filter((name) => environment[name]?.trim()));
  const contradictions = crossChecks(config, values, given).filter(({ variable }) => !malformed.has(variable));
  if (problems.length + contradictions.length > 0) throw new ConfigError([...problems, ...contradictions]);
  return deepFreeze(config);
}

/** A malformed variable takes its default, so that the other checks still find what they can. */
function readVariables(environment: Environment): { values: VariableValues; problems: ConfigProblem[] } {
  const values: Record<string, unknown> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, variable] of Object.entries<Variable>(VARIABLES)) {
    const given = environment[name]?.trim() || undefined;
    const result = given === undefined ? undefined : variable.kind.schema.safeParse(given);
    if (result?.success === false) {
      problems.push({ variable: name, message: result.error.issues.map(({ message }) => message).join(', ') });
    }
    values[name] = result?.success ? result.data : readDefault(variable);
  }
  return { values: values as VariableValues, problems };
}

const readDefault = ({ kind, default: text }: Variable): unknown =>
  text === undefined ? undefined : kind.schema.parse(text);

/** Also when a URL is malformed: what is missing for the mode that was meant is then said at once. */
function modeOf(environment: Environment): Config['mode'] {
  return environment.REDIS_URL?.trim() && environment.DATABASE_URL?.trim() ? 'clustered' : 'embedded';
}

function assemble(values: VariableValues, mode: Config['mode'], misspelt: string[]): Config {
  const production = values.NODE_ENV === 'production';
  const sso = assembleSso(values);
  const ssoMeant = values.AUTH_JWKS_URL ?? values.AUTH_ISSUER ?? values.AUTH_AUDIENCE;
  const demo = values.DEMO_SIGN_IN ?? (mode === 'embedded' && !ssoMeant && !production);
  const host = values.HOST ?? (demo ? '127.0.0.1' : '0.0.0.0');
  return {
    mode,
    production,
    http: {
      host,
      port: values.PORT,
      keepAliveSeconds: values.KEEP_ALIVE_SECONDS,
      publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ''),
      trustedProxies: values.TRUSTED_PROXIES,
      allowedOrigins: values.ALLOWED_ORIGINS,
    },
    metrics: { port: values.METRICS_PORT, token: values.METRICS_TOKEN },
    dataDir: resolve(values.DATA_DIR),
    redisUrl: values.REDIS_URL,
    database: {
      url: values.DATABASE_URL,
      replicaUrls: values.DATABASE_REPLICA_URLS,
      replicaLagMs: values.DATABASE_REPLICA_LAG_SECONDS * 1_000,
      poolSize: values.DATABASE_POOL_SIZE,
    },
    signIn: { demo, sso, hours: values.SIGN_IN_HOURS },
    signingKeys: values.SIGNING_KEYS?.map(({ name, value }) => ({ kid: name, secret: value })),
    operatorTokens: (values.OPERATOR_TOKENS ?? []).map(({ name, value }) => ({ name, token: value })),
    rosterFile: values.ROSTER_FILE,
    classYears: (values.CLASS_YEARS ?? []).map(({ name, value }) => ({
      spelling: name,
      year: value as StatedYear['year'],
    })),
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    mailKeptDays: values.MAIL_KEPT_DAYS,
    timeZone: values.TIME_ZONE ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    clockSkewLimitMs: values.CLOCK_SKEW_LIMIT_SECONDS * 1_000,
    ...assembleLive(values),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (production ? 'json' : 'text'),
    warnings: [...misspelt, ...warnAboutSignIn(demo, host, sso)],
  };
}

function assembleSso(values: VariableValues): SsoConfig | undefined {
  const { AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = values;
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) return undefined;
  return {
    jwksUrl,
    issuer,
    audience,
    clientId: values.AUTH_CLIENT_ID,
    authorizeUrl: values.AUTH_AUTHORIZE_URL,
    tokenUrl: values.AUTH_TOKEN_URL,
    clientSecret: values.AUTH_CLIENT_SECRET,
    clientAuthentication: values.AUTH_CLIENT_AUTHENTICATION,
    prompt: values.AUTH_PROMPT,
    signOutUrl: values.AUTH_SIGN_OUT_URL,
    scope: values.AUTH_SCOPE,
    algorithms: values.AUTH_ALGORITHMS,
    clockSkewSeconds: values.AUTH_CLOCK_SKEW_SECONDS,
    claims: {
      id: values.AUTH_CLAIM_ID,
      name: values.AUTH_CLAIM_NAME,
      classYear: values.AUTH_CLAIM_CLASS_YEAR,
      email: values.AUTH_CLAIM_EMAIL,
    },
  };
}

const assembleLive = (values: VariableValues): Pick<Config, 'live' | 'line'> => ({
  live: {
    pingIntervalMs: values.PING_INTERVAL_MS,
    pingTimeoutMs: values.PING_TIMEOUT_MS,
    reconnectDelayMaxMs: values.RECONNECT_DELAY_MAX_MS,
    connectTimeoutMs: values.CONNECT_TIMEOUT_MS,
    maxPayloadBytes: values.MAX_PAYLOAD_BYTES,
    handshakesPerSecond: values.HANDSHAKES_PER_SECOND,
    maxSocketsPerStudent: values.MAX_SOCKETS_PER_STUDENT,
    positionIntervalMs: values.POSITION_INTERVAL_MS,
    drainSeconds: values.DRAIN_SECONDS,
  },
  line: {
    ratePerSecond: values.LINE_RATE_PER_SECOND,
    capacity: values.LINE_CAPACITY,
    leaseSeconds: values.LINE_LEASE_SECONDS,
    graceSeconds: values.LINE_GRACE_SECONDS,
    noShowSeconds: values.LINE_NO_SHOW_SECONDS,
  },
});

function warnAboutSignIn(demo: boolean, host: string, sso: SsoConfig | undefined): string[] {
  const warnings: string[] = [];
  if (demo && !isLoopback(host)) {
    warnings.push('The demo sign-in is open to the network: anybody who reaches HOST can be any student.');
  }
  if (sso) {
    const jwks = new URL(sso.jwksUrl);
    if (jwks.protocol === 'http:' && !isLoopback(jwks.hostname)) {
      warnings.push('AUTH_JWKS_URL is http: whoever sits in between can replace the keys and be any student.');
    }
  }
  return warnings;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
