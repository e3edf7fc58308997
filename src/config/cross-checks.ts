import type { z } from 'zod';
import { isLoopback } from '../common/addresses';
import type { Settings } from './settings';
import { VARIABLES } from './variables';

const SSO = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'];
const PAGE_SIGN_IN = ['AUTH_CLIENT_ID', 'AUTH_AUTHORIZE_URL', 'AUTH_TOKEN_URL'];

/** What each of these would change is there only beside another: alone it is a setting that somebody believes in. */
const NEEDED_BESIDE = {
  AUTH_JWKS_URL: [
    'AUTH_ALGORITHMS',
    'AUTH_CLOCK_SKEW_SECONDS',
    'AUTH_CLAIM_ID',
    'AUTH_CLAIM_NAME',
    'AUTH_CLAIM_CLASS_YEAR',
    'AUTH_CLAIM_EMAIL',
  ],
  AUTH_CLIENT_ID: ['AUTH_CLIENT_SECRET', 'AUTH_SCOPE', 'AUTH_PROMPT', 'AUTH_SIGN_OUT_URL'],
  AUTH_CLIENT_SECRET: ['AUTH_CLIENT_AUTHENTICATION'],
  DATABASE_URL: ['DATABASE_REPLICA_URLS'],
};

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
  live: Readonly<Pick<Settings['live'], 'pingIntervalMs' | 'pingTimeoutMs' | 'reconnectDelayMaxMs'>>,
): number {
  return live.pingIntervalMs + live.pingTimeoutMs + POD_TIMEOUT_MS + live.reconnectDelayMaxMs;
}

/** What holds without the variables whose default depends on others. */
export function defaultsOf({ given, production, http, signIn }: Settings) {
  const clustered = given.has('REDIS_URL') && given.has('DATABASE_URL');
  const demo = signIn.demo ?? (!clustered && !production && !SSO.some((name) => given.has(name)));
  const host = http.host ?? (demo ? '127.0.0.1' : '0.0.0.0');
  return { clustered, demo, host };
}

/** Says what is wrong with a variable. Never a value. */
type Report = (variable: string, message: string) => void;

/** What single variables cannot know: contradictions between them. */
export function crossCheck(settings: Settings, context: z.core.$RefinementCtx): void {
  const report: Report = (variable, message) => {
    const path = VARIABLES.find((known) => known.variable === variable)?.path ?? [];
    context.addIssue({ code: 'custom', path, message });
  };
  checkStores(settings, report);
  checkLists(settings, report);
  if (settings.metrics.port === settings.http.port) report('METRICS_PORT', 'is the same as PORT');
  checkSignIn(settings, report);
  checkSso(settings.given, report);
  checkTimes(settings, report);
}

function checkStores(settings: Settings, report: Report): void {
  const { given } = settings;
  if (given.has('REDIS_URL') !== given.has('DATABASE_URL')) {
    const [missing, there] = given.has('REDIS_URL') ? ['DATABASE_URL', 'REDIS_URL'] : ['REDIS_URL', 'DATABASE_URL'];
    report(missing, `is missing beside ${there}: give both (clustered) or neither (embedded)`);
  }
  if (defaultsOf(settings).clustered) {
    const why = 'is required when clustered (REDIS_URL and DATABASE_URL are given)';
    if (!given.has('SIGNING_KEYS')) report('SIGNING_KEYS', `${why}, alike on every pod`);
    if (!given.has('OPERATOR_TOKENS')) report('OPERATOR_TOKENS', why);
  }
}

function checkLists({ signingKeys = [], classYears, operatorTokens }: Settings, report: Report): void {
  const hasTwice = (values: readonly string[]): boolean => new Set(values).size < values.length;
  const names = {
    SIGNING_KEYS: signingKeys.map(({ kid }) => kid),
    CLASS_YEARS: classYears.map(({ spelling }) => spelling),
    OPERATOR_TOKENS: operatorTokens.map(({ name }) => name),
  };
  for (const [variable, values] of Object.entries(names)) {
    if (hasTwice(values)) report(variable, 'has the same name twice');
  }
  // Two operators with one token could not be told apart in the trail.
  if (hasTwice(operatorTokens.map(({ token }) => token))) {
    report('OPERATOR_TOKENS', 'gives the same token to two operators');
  }
}

function checkSignIn(settings: Settings, report: Report): void {
  const { clustered, demo, host } = defaultsOf(settings);
  const sso = SSO.some((name) => settings.given.has(name));
  if (!demo) {
    const why = clustered ? 'when clustered' : 'without the demo sign-in, or nobody could sign in';
    if (!sso) report('AUTH_JWKS_URL', `is required ${why}, with AUTH_ISSUER and AUTH_AUDIENCE`);
    return;
  }
  if (sso) report('DEMO_SIGN_IN', 'refuses to be on together with SSO (AUTH_…)');
  if (settings.production) report('DEMO_SIGN_IN', 'refuses to be on with NODE_ENV=production');
  if (clustered) {
    report('DEMO_SIGN_IN', 'refuses to be on when clustered: set AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE');
  }
  if (!isLoopback(host) && settings.signIn.demo === undefined) {
    const why = 'would open the demo sign-in to the network, where anybody can be any student';
    report('HOST', `${why}: set up SSO (AUTH_…), or say DEMO_SIGN_IN=on if that is meant`);
  }
}

function checkSso(given: ReadonlySet<string>, report: Report): void {
  for (const group of [SSO, PAGE_SIGN_IN]) {
    const there = group.filter((name) => given.has(name));
    const missing = group.filter((name) => there.length > 0 && !given.has(name));
    for (const name of missing) report(name, `is missing beside ${there.join(' and ')}`);
  }
  if (PAGE_SIGN_IN.some((name) => given.has(name)) && !SSO.some((name) => given.has(name))) {
    report('AUTH_JWKS_URL', 'is missing: AUTH_CLIENT_ID and its like need SSO to be set up');
  }
  for (const [needed, names] of Object.entries(NEEDED_BESIDE)) {
    if (given.has(needed)) continue;
    for (const name of names) if (given.has(name)) report(name, `needs ${needed}`);
  }
}

function checkTimes({ live, line }: Settings, report: Report): void {
  const floorMs = graceFloorMs(live);
  if (line.graceSeconds * 1_000 <= floorMs) {
    const sum = 'PING_INTERVAL_MS + PING_TIMEOUT_MS + pod timeout (5000 ms) + RECONNECT_DELAY_MAX_MS';
    report('LINE_GRACE_SECONDS', `must be longer than ${sum}, which is ${floorMs} ms`);
  }
  if (line.noShowSeconds >= line.leaseSeconds) {
    report('LINE_NO_SHOW_SECONDS', 'must be shorter than LINE_LEASE_SECONDS');
  }
}
