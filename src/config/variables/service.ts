import { listOf, network, oneOf, origin, text, timeZone, url, wholeNumber } from '../kinds';
import type { Variable } from './variable';

export const SERVICE_VARIABLES = {
  NODE_ENV: {
    kind: oneOf('development', 'production', 'test'),
    default: 'development',
    purpose: 'In production the demo sign-in refuses to be on',
  },
  HOST: {
    kind: text('host name or address', /^[A-Za-z0-9.:_-]{1,253}$/),
    otherwise: '127.0.0.1 with the demo sign-in, 0.0.0.0 with SSO',
    purpose: 'Address to listen on; beyond loopback, the demo sign-in needs DEMO_SIGN_IN=on',
  },
  PORT: {
    kind: wholeNumber(0, 65_535),
    default: '3000',
    purpose: 'Port of the page, the API and the sockets; 0 takes any free one',
  },
  KEEP_ALIVE_SECONDS: {
    kind: wholeNumber(5, 4_100),
    default: '310',
    unit: 'seconds',
    purpose:
      'How long an idle connection is kept for its next request; longer than the idle timeout of whatever balances the load',
  },
  PUBLIC_URL: {
    kind: url('http', 'https'),
    purpose: 'Address students see, when a proxy stands in front: its origin is ours, and https makes cookies Secure',
  },
  TRUSTED_PROXIES: {
    kind: listOf(network),
    default: '',
    purpose: 'Proxies whose X-Forwarded-* headers are believed',
  },
  ALLOWED_ORIGINS: {
    kind: listOf(origin),
    default: '',
    purpose: 'Other sites whose pages may call the API and open sockets',
  },
  DATA_DIR: {
    kind: text('path'),
    default: './data',
    purpose: 'Directory of what the embedded mode keeps: the database file, signing keys, the operator token',
  },
  TIME_ZONE: {
    kind: timeZone,
    otherwise: 'the time zone of the machine',
    purpose: 'Zone of the hours in release policies and e-mails; give it to every pod alike',
  },
  METRICS_PORT: {
    kind: wholeNumber(1, 65_535),
    purpose: 'Serves /metrics on a port of its own, which is not for the public',
  },
  METRICS_TOKEN: {
    kind: text('16–256 characters', /^\S{16,256}$/),
    secret: true,
    purpose: 'Bearer token that opens /metrics on the public port; without it /metrics is not there',
  },
  LOG_LEVEL: {
    kind: oneOf('debug', 'info', 'warn', 'error'),
    default: 'info',
    purpose: 'Least severe log lines that are written',
  },
  LOG_FORMAT: {
    kind: oneOf('text', 'json'),
    otherwise: 'json with NODE_ENV=production, else text',
    purpose: 'Log lines for people or for machines',
  },
  SMTP_URL: {
    kind: url('smtp', 'smtps'),
    secret: true,
    purpose: 'Mail server (with user and password); without it e-mails are shown on the outbox page only',
  },
  MAIL_FROM: {
    kind: text('e-mail address', /^[^\r\n]{0,200}[^\s@]+@[^\s@]+$/),
    default: 'registration@localhost',
    purpose: 'Sender of the e-mails',
  },
  MAIL_KEPT_DAYS: {
    kind: wholeNumber(1, 3_650),
    default: '30',
    unit: 'days',
    purpose: 'How long e-mails stay on the outbox page after they were sent; then they are deleted',
  },
} satisfies Record<string, Variable>;
