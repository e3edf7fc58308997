/** Injection token of the one `Config`. */
export const CONFIG = Symbol('Config');

/**
 * Embedded: the line in this process, the truth in an SQLite file, nothing to install. Clustered: the line in Redis,
 * the truth in MySQL or MariaDB, any number of pods.
 */
export type Mode = 'embedded' | 'clustered';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The environment, checked once at the start; nothing in it changes afterwards. Secrets are in it: never log it. */
export interface Config {
  readonly mode: Mode;
  readonly production: boolean;
  readonly http: HttpConfig;
  readonly metrics: {
    /** Port of its own for /metrics. */
    readonly port?: number;
    /** Secret; bearer token that opens /metrics on the public port. */
    readonly token?: string;
  };
  /** Directory of what the embedded mode keeps. It may not exist yet. */
  readonly dataDir: string;
  /** Secret. Present exactly when clustered. */
  readonly redisUrl?: string;
  readonly database: DatabaseConfig;
  readonly signIn: SignInConfig;
  /** Secret. The first signs, all of them verify. Present when clustered; absent, they are kept in `dataDir`. */
  readonly signingKeys?: readonly SigningSecret[];
  /** Secret. Empty only when embedded: then one is made at the first start. */
  readonly operatorTokens: readonly OperatorToken[];
  readonly rosterFile?: string;
  /** What spellings of a class year mean that are not commonly understood: `firstyear` to `senior`, or `other`. */
  readonly classYears: readonly StatedYear[];
  /** Secret. Absent: e-mails are only shown. */
  readonly smtpUrl?: string;
  readonly mailFrom: string;
  /** How long e-mails are kept after they were sent, days. */
  readonly mailKeptDays: number;
  /** IANA name. */
  readonly timeZone: string;
  /** A pod whose clock differs from the stores' by more is not ready, ms. */
  readonly clockSkewLimitMs: number;
  readonly live: LiveConfig;
  readonly line: LineConfig;
  readonly logLevel: LogLevel;
  readonly logFormat: 'text' | 'json';
  /** What is allowed and yet looks like a mistake, a sentence each, without values; for the log at the start. */
  readonly warnings: readonly string[];
}

export interface HttpConfig {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly keepAliveSeconds: number;
  /** Without a trailing slash. */
  readonly publicUrl?: string;
  /** Addresses, networks or `loopback`, as Express's `trust proxy` takes them. */
  readonly trustedProxies: readonly string[];
  /** As browsers send them in `Origin`. */
  readonly allowedOrigins: readonly string[];
}

export interface DatabaseConfig {
  /** Secret; mysql:// or mariadb://. Present exactly when clustered. */
  readonly url?: string;
  /** Secret. */
  readonly replicaUrls: readonly string[];
  /** A replica that is further behind is not asked, ms. */
  readonly replicaLagMs: number;
  /** Most connections of one pod to each server. */
  readonly poolSize: number;
}

export interface SignInConfig {
  /** Anybody may sign in under any student id. Never together with `sso`; at least one of the two is there. */
  readonly demo: boolean;
  readonly sso?: SsoConfig;
  /** How long our own sign-in lasts, hours. */
  readonly hours: number;
}

export interface SsoConfig {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** For the page's own sign-in (OIDC code + PKCE): all three of these are there, or none. */
  readonly clientId?: string;
  readonly authorizeUrl?: string;
  readonly tokenUrl?: string;
  /** Secret. Present: the pod exchanges the code for the page. */
  readonly clientSecret?: string;
  readonly clientAuthentication: 'basic' | 'post';
  /** What the provider asks at every sign-in; absent: `login` after a sign-out in the same browser. */
  readonly prompt?: 'login' | 'select_account' | 'consent';
  /** Where the page goes after signing out. */
  readonly signOutUrl?: string;
  readonly scope: string;
  /** Asymmetric ones only. */
  readonly algorithms: readonly string[];
  readonly clockSkewSeconds: number;
  /** Which claim of the provider's token says what. */
  readonly claims: {
    readonly id: string;
    readonly name: string;
    readonly classYear: string;
    readonly email: string;
  };
}

export interface StatedYear {
  readonly spelling: string;
  readonly year: 'firstyear' | 'sophomore' | 'junior' | 'senior' | 'other';
}

export interface SigningSecret {
  /** Key id, 1 to 32 of letters, digits, - and _. */
  readonly kid: string;
  /** Base64 of 32 bytes or more. */
  readonly secret: string;
}

export interface OperatorToken {
  readonly name: string;
  readonly token: string;
}

export interface LiveConfig {
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  readonly reconnectDelayMaxMs: number;
  readonly connectTimeoutMs: number;
  readonly maxPayloadBytes: number;
  readonly handshakesPerSecond: number;
  readonly maxSocketsPerStudent: number;
  readonly positionIntervalMs: number;
  readonly drainSeconds: number;
}

/** What a new room starts with. */
export interface LineConfig {
  readonly ratePerSecond: number;
  readonly capacity: number;
  readonly leaseSeconds: number;
  readonly graceSeconds: number;
  readonly noShowSeconds: number;
}

/**
 * A pod whose last tick is older is dead, and its students go on grace, ms. Part of the line's contract, the same in
 * both engines, therefore not a variable.
 */
const POD_TIMEOUT_MS = 5_000;

/**
 * A grace that is not longer than this would cost students their place who did nothing wrong: the socket is lost
 * unnoticed (ping interval and timeout) or with its pod (pod timeout), and the client then waits before it comes back.
 */
export function graceFloorMs(
  live: Pick<LiveConfig, 'pingIntervalMs' | 'pingTimeoutMs' | 'reconnectDelayMaxMs'>,
): number {
  return live.pingIntervalMs + live.pingTimeoutMs + POD_TIMEOUT_MS + live.reconnectDelayMaxMs;
}
