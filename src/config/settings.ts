import { z } from 'zod';
import {
  classYearList,
  databaseUrl,
  decimalNumber,
  directory,
  environment,
  listOf,
  network,
  oneOf,
  onOff,
  operatorList,
  origin,
  redisUrl,
  secondsAsMs,
  signingKeyList,
  siteUrl,
  text,
  timeZone,
  url,
  wholeNumber,
} from './kinds';

/** The most that SIGN_IN_HOURS may be. */
export const MOST_SIGN_IN_HOURS = 720;

export interface About {
  /** What it is for, for the person who runs the service. */
  purpose: string;
  /** What holds without it, where that depends on other variables. */
  otherwise?: string;
  /** Never printed, not even in part. */
  secret?: true;
}

/**
 * One environment variable: the kind says its type, range and unit, `prefault` its default as one would write it in the
 * environment. The table of variables is made from what is said here.
 */
const variable = <S extends z.ZodType>(name: string, schema: S, about: About): S =>
  schema.meta({ variable: name, ...about });

const claim = text('claim name', /^[^\s,]{1,128}$/);

/** Asymmetric only: whoever can check a token must not be able to make one. */
const algorithm = oneOf('RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA');

const service = z.object({
  production: variable('NODE_ENV', environment.prefault('development'), {
    purpose: 'In production the demo sign-in refuses to be on',
  }),
  http: z.object({
    host: variable('HOST', text('host name or address', /^[A-Za-z0-9.:_-]{1,253}$/).optional(), {
      purpose: 'Address to listen on; beyond loopback, the demo sign-in needs DEMO_SIGN_IN=on',
      otherwise: '127.0.0.1 with the demo sign-in, 0.0.0.0 with SSO',
    }),
    port: variable('PORT', wholeNumber(0, 65_535).prefault('3000'), {
      purpose: 'Port of the page, the API and the sockets; 0 takes any free one',
    }),
    keepAliveSeconds: variable('KEEP_ALIVE_SECONDS', wholeNumber(5, 4_100, 'seconds').prefault('310'), {
      purpose:
        'How long an idle connection is kept for its next request; longer than the idle timeout of whatever balances the load',
    }),
    publicUrl: variable('PUBLIC_URL', siteUrl.optional(), {
      purpose: 'Address students see, when a proxy stands in front: its origin is ours, and https makes cookies Secure',
    }),
    trustedProxies: variable('TRUSTED_PROXIES', listOf(network).prefault(''), {
      purpose: 'Proxies whose X-Forwarded-* headers are believed',
    }),
    allowedOrigins: variable('ALLOWED_ORIGINS', listOf(origin).prefault(''), {
      purpose: 'Other sites whose pages may call the API and open sockets',
    }),
  }),
  dataDir: variable('DATA_DIR', directory.prefault('./data'), {
    purpose: 'Directory of what the embedded mode keeps: the database file, signing keys, the operator token',
  }),
  timeZone: variable(
    'TIME_ZONE',
    timeZone.prefault(() => Intl.DateTimeFormat().resolvedOptions().timeZone),
    {
      purpose: 'Zone of the hours in release policies and e-mails; give it to every pod alike',
      otherwise: 'the time zone of the machine',
    },
  ),
  metrics: z.object({
    port: variable('METRICS_PORT', wholeNumber(1, 65_535).optional(), {
      purpose: 'Serves /metrics on a port of its own, which is not for the public',
    }),
    token: variable('METRICS_TOKEN', text('16–256 characters', /^\S{16,256}$/).optional(), {
      purpose: 'Bearer token that opens /metrics on the public port; without it /metrics is not there',
      secret: true,
    }),
  }),
  logLevel: variable('LOG_LEVEL', oneOf('debug', 'info', 'warn', 'error').prefault('info'), {
    purpose: 'Least severe log lines that are written',
  }),
  logFormat: variable('LOG_FORMAT', oneOf('text', 'json').optional(), {
    purpose: 'Log lines for people or for machines',
    otherwise: 'json with NODE_ENV=production, else text',
  }),
  smtpUrl: variable('SMTP_URL', url('smtp', 'smtps').optional(), {
    purpose: 'Mail server (with user and password); without it e-mails are shown on the outbox page only',
    secret: true,
  }),
  mailFrom: variable(
    'MAIL_FROM',
    text('e-mail address', /^[^\r\n]{0,200}[^\s@]+@[^\s@]+$/).prefault('registration@localhost'),
    {
      purpose: 'Sender of the e-mails',
    },
  ),
  mailKeptDays: variable('MAIL_KEPT_DAYS', wholeNumber(1, 3_650, 'days').prefault('30'), {
    purpose: 'How long e-mails stay on the outbox page after they were sent; then they are deleted',
  }),
});

const stores = z.object({
  redisUrl: variable('REDIS_URL', redisUrl.optional(), {
    purpose: 'Store of the line; together with DATABASE_URL it makes the service clustered. TLS: see deploy/README',
    otherwise: 'embedded: the line lives in this process',
    secret: true,
  }),
  database: z.object({
    url: variable('DATABASE_URL', databaseUrl.optional(), {
      purpose:
        'MySQL 8.4 or later, or MariaDB: the truth about rooms and seats; together with REDIS_URL it makes the service clustered. TLS: see deploy/README',
      otherwise: 'embedded: an SQLite file in DATA_DIR',
      secret: true,
    }),
    replicaUrls: variable('DATABASE_REPLICA_URLS', listOf(databaseUrl).prefault(''), {
      purpose: 'Read replicas for the catalogue and lists',
      secret: true,
    }),
    replicaLagMs: variable('DATABASE_REPLICA_LAG_SECONDS', secondsAsMs(1, 86_400).prefault('10'), {
      purpose:
        'How far behind a read replica may be; one that is further behind, or does not follow any more, is not asked',
    }),
    poolSize: variable('DATABASE_POOL_SIZE', wholeNumber(2, 200, 'connections').prefault('10'), {
      purpose: 'Most connections of one pod to each database server, besides two to the primary for public lists',
    }),
  }),
  clockSkewLimitMs: variable('CLOCK_SKEW_LIMIT_SECONDS', secondsAsMs(1, 86_400).prefault('30'), {
    purpose: "A pod whose clock differs from the stores' by more is not ready; it is warned of from one second on",
  }),
});

const identity = z.object({
  signingKeys: variable('SIGNING_KEYS', signingKeyList.optional(), {
    purpose:
      'Secrets behind sign-ins, tickets and admissions: the first signs, the others still verify; alike on every pod',
    otherwise: 'embedded: made once in DATA_DIR; clustered: required',
    secret: true,
  }),
  operatorTokens: variable('OPERATOR_TOKENS', operatorList.prefault(''), {
    purpose:
      'Operators by name, each with a token of their own; a viewer changes nothing, only an owner (the default) deletes rooms and terms',
    otherwise: 'embedded: one is made at the first start and printed once; clustered: required',
    secret: true,
  }),
  rosterFile: variable('ROSTER_FILE', text('path').optional(), {
    purpose:
      'CSV of who may join: student_id, name, class_year, email, joins_from (ISO 8601), hold (yes, or why); read again on SIGHUP',
    otherwise: 'everyone who signs in may join',
  }),
  classYears: variable('CLASS_YEARS', classYearList.prefault(''), {
    purpose: 'What a class year is that the roster, the provider or the demo writes otherwise; `other` is none of them',
    otherwise: 'as they are commonly written: 1, 4.0, 2nd, Year 3, First-year, SR, Senior (4), 4학년',
  }),
  signIn: z.object({
    demo: variable('DEMO_SIGN_IN', onOff.optional(), {
      purpose: 'Lets anybody sign in under any student id; for trying out only',
      otherwise: 'on when embedded, without SSO and not in production',
    }),
    hours: variable('SIGN_IN_HOURS', wholeNumber(1, MOST_SIGN_IN_HOURS, 'hours').prefault('24'), {
      purpose: 'How long a sign-in lasts; as long as a room is open, or longer',
    }),
    // There when all of the first three are.
    sso: z.object({
      jwksUrl: variable('AUTH_JWKS_URL', url('https', 'http').optional(), {
        purpose: 'SSO: where the public keys of the identity provider are',
      }),
      issuer: variable('AUTH_ISSUER', text('1–512 characters', /^\S{1,512}$/).optional(), {
        purpose: 'SSO: exact `iss` of its tokens',
      }),
      audience: variable('AUTH_AUDIENCE', text('1–512 characters', /^\S{1,512}$/).optional(), {
        purpose: 'SSO: `aud` that its tokens must carry for us',
      }),
      clientId: variable('AUTH_CLIENT_ID', text('1–256 characters', /^\S{1,256}$/).optional(), {
        purpose: 'SSO: our client id, with which the page signs in by OIDC code + PKCE',
      }),
      clientSecret: variable('AUTH_CLIENT_SECRET', text('1–512 characters', /^[\x21-\x7e]{1,512}$/).optional(), {
        purpose: 'SSO: our secret, where we are a confidential client; the pod then exchanges the code',
        otherwise: 'a public client: the page exchanges its code by itself',
        secret: true,
      }),
      clientAuthentication: variable('AUTH_CLIENT_AUTHENTICATION', oneOf('basic', 'post').prefault('basic'), {
        purpose: 'SSO: whether the secret goes to the token endpoint by HTTP Basic or in the form',
      }),
      authorizeUrl: variable('AUTH_AUTHORIZE_URL', url('https', 'http').optional(), {
        purpose: 'SSO: authorization endpoint for the page',
      }),
      tokenUrl: variable('AUTH_TOKEN_URL', url('https', 'http').optional(), {
        purpose: 'SSO: token endpoint for the page',
      }),
      scope: variable('AUTH_SCOPE', text('scopes', /^[\x21-\x7e]+( [\x21-\x7e]+)*$/).prefault('openid profile email'), {
        purpose: 'SSO: scopes that the page asks for',
      }),
      prompt: variable('AUTH_PROMPT', oneOf('login', 'select_account', 'consent').optional(), {
        purpose: 'SSO: what the provider is to ask the student at every sign-in',
        otherwise: 'login after a sign-out in the same browser, else what the provider finds right',
      }),
      signOutUrl: variable('AUTH_SIGN_OUT_URL', url('https', 'http').optional(), {
        purpose:
          'SSO: end-session endpoint of the provider, for signing out; it must know our address with a / as the way back',
      }),
      algorithms: variable('AUTH_ALGORITHMS', listOf(algorithm).prefault('RS256,PS256,ES256,EdDSA'), {
        purpose: 'SSO: signature algorithms that are accepted; only asymmetric ones can be',
      }),
      clockSkewSeconds: variable('AUTH_CLOCK_SKEW_SECONDS', wholeNumber(0, 300, 'seconds').prefault('30'), {
        purpose: 'SSO: how far the clock of the provider may be off',
      }),
      claims: z.object({
        id: variable('AUTH_CLAIM_ID', claim.prefault('sub'), {
          purpose: 'SSO: claim with the student id; dots lead into nested claims, and a list must hold just one',
        }),
        name: variable('AUTH_CLAIM_NAME', claim.prefault('name'), {
          purpose: 'SSO: claim with the name',
        }),
        classYear: variable('AUTH_CLAIM_CLASS_YEAR', claim.prefault('class_year'), {
          purpose: 'SSO: claim with the class year',
        }),
        email: variable('AUTH_CLAIM_EMAIL', claim.prefault('email'), {
          purpose: 'SSO: claim with the e-mail address',
        }),
      }),
    }),
  }),
});

const connections = z.object({
  live: z.object({
    pingIntervalMs: variable('PING_INTERVAL_MS', wholeNumber(100, 60_000, 'ms').prefault('10000'), {
      purpose: 'How often a socket is asked whether it is still there',
    }),
    pingTimeoutMs: variable('PING_TIMEOUT_MS', wholeNumber(100, 60_000, 'ms').prefault('10000'), {
      purpose: 'How long it may take to answer before it is taken for lost',
    }),
    reconnectDelayMaxMs: variable('RECONNECT_DELAY_MAX_MS', wholeNumber(100, 60_000, 'ms').prefault('10000'), {
      purpose: 'Longest wait of our clients between two tries to reconnect; told to them by /api/config',
    }),
    connectTimeoutMs: variable('CONNECT_TIMEOUT_MS', wholeNumber(500, 60_000, 'ms').prefault('10000'), {
      purpose: 'How long a connection may take to send its request and to sign in before it is closed',
    }),
    maxPayloadBytes: variable('MAX_PAYLOAD_BYTES', wholeNumber(1_024, 1_048_576, 'bytes').prefault('4096'), {
      purpose: 'Largest message a socket may send',
    }),
    handshakesPerSecond: variable(
      'HANDSHAKES_PER_SECOND',
      wholeNumber(1, 100_000, 'connections per second').prefault('2000'),
      {
        purpose: 'Most new connections a pod takes; who comes above that is told when to try again',
      },
    ),
    // The line refuses more than 16 live sockets of one ticket (LINE_LIMITS.socketsPerTicket).
    maxSocketsPerStudent: variable('MAX_SOCKETS_PER_STUDENT', wholeNumber(1, 16, 'sockets').prefault('8'), {
      purpose: 'Most tabs and devices of one student at once',
    }),
    positionIntervalMs: variable('POSITION_INTERVAL_MS', wholeNumber(100, 60_000, 'ms').prefault('1000'), {
      purpose: 'Least time between two positions told to a client that does not extrapolate',
    }),
    drainSeconds: variable('DRAIN_SECONDS', wholeNumber(1, 600, 'seconds').prefault('20'), {
      purpose: 'How long a pod that is told to stop may take to hand its students over and to finish its commits',
    }),
  }),
});

/** What a new room starts with; the operator can change each of them in the room. */
const rooms = z.object({
  line: z.object({
    ratePerSecond: variable('LINE_RATE_PER_SECOND', decimalNumber(0, 10_000, 'students per second').prefault('10'), {
      purpose: 'New rooms: most admissions per second',
    }),
    capacity: variable('LINE_CAPACITY', wholeNumber(0, 1_000_000, 'students').prefault('200'), {
      purpose: 'New rooms: most students inside at once',
    }),
    leaseSeconds: variable('LINE_LEASE_SECONDS', wholeNumber(5, 86_400, 'seconds').prefault('600'), {
      purpose: 'New rooms: how long an admission lasts',
    }),
    // A phone that locks its screen (after 30 s by default) cuts the socket at once, and nobody looks at it every
    // minute. The away cost those behind them nothing, for only who is present is let in: 5 minutes are affordable.
    graceSeconds: variable('LINE_GRACE_SECONDS', wholeNumber(1, 86_400, 'seconds').prefault('300'), {
      purpose:
        'New rooms: how long an away student (a locked phone, a lost network) keeps the place once the room lets in',
    }),
    noShowSeconds: variable('LINE_NO_SHOW_SECONDS', wholeNumber(1, 3_600, 'seconds').prefault('45'), {
      purpose: 'New rooms: how long an admission waits to be acknowledged before it goes to the next',
    }),
  }),
});

/** By the headings of the table of variables. */
export const SECTIONS = {
  Service: service,
  Stores: stores,
  Identity: identity,
  'Live connections': connections,
  Rooms: rooms,
};

/** What the environment says, variable by variable; `given` are the variables that are set, also to their default. */
export const settings = z.object({
  given: z.set(z.string()),
  ...service.shape,
  ...stores.shape,
  ...identity.shape,
  ...connections.shape,
  ...rooms.shape,
});

export type Settings = z.output<typeof settings>;
