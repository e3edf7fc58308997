import { isLoopback } from '../common/addresses';
import { type Config, graceFloorMs } from './config';
import type { VariableValues } from './variables';

/** One thing that is wrong: with which variable, and what. Never a value. */
export interface ConfigProblem {
  variable: string;
  message: string;
}

/**
 * What single variables cannot know: contradictions between them. Each check sees every value that is well-formed.
 *
 * @param given the variables that are set, also where that is to their default
 */
export function crossChecks(config: Config, values: VariableValues, given: ReadonlySet<string>): ConfigProblem[] {
  return [
    ...checkMode(config, values),
    ...checkPorts(config),
    ...checkSignIn(config, values),
    ...checkSso(values),
    ...checkWithoutEffect(given),
    ...checkTimes(config),
  ];
}

const problem = (variable: string, message: string): ConfigProblem => ({ variable, message });

function checkMode(config: Config, values: VariableValues): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { REDIS_URL, DATABASE_URL } = values;
  if (!REDIS_URL !== !DATABASE_URL) {
    problems.push(
      problem(
        REDIS_URL ? 'DATABASE_URL' : 'REDIS_URL',
        `is missing beside ${REDIS_URL ? 'REDIS_URL' : 'DATABASE_URL'}: give both (clustered) or neither (embedded)`,
      ),
    );
  }
  if (values.DATABASE_REPLICA_URLS.length > 0 && !DATABASE_URL) {
    problems.push(problem('DATABASE_REPLICA_URLS', 'needs DATABASE_URL'));
  }
  if (config.mode === 'clustered') {
    const why = 'is required when clustered (REDIS_URL and DATABASE_URL are given)';
    if (!values.SIGNING_KEYS?.length) problems.push(problem('SIGNING_KEYS', `${why}, alike on every pod`));
    if (!values.OPERATOR_TOKENS?.length) problems.push(problem('OPERATOR_TOKENS', why));
  }
  return [
    ...problems,
    ...repeated('SIGNING_KEYS', values.SIGNING_KEYS),
    ...repeated('CLASS_YEARS', values.CLASS_YEARS),
    ...repeatedOperators(values),
  ];
}

const checkPorts = ({ http, metrics }: Config): ConfigProblem[] =>
  metrics.port === http.port ? [problem('METRICS_PORT', 'is the same as PORT')] : [];

function repeated(variable: string, pairs: readonly { name: string }[] | undefined): ConfigProblem[] {
  const names = (pairs ?? []).map(({ name }) => name);
  return new Set(names).size < names.length ? [problem(variable, 'has the same name twice')] : [];
}

/** Two operators with one token could not be told apart in the trail. */
function repeatedOperators(values: VariableValues): ConfigProblem[] {
  const tokens = (values.OPERATOR_TOKENS ?? []).map(({ value }) => value);
  const shared = new Set(tokens).size < tokens.length;
  return [
    ...repeated('OPERATOR_TOKENS', values.OPERATOR_TOKENS),
    ...(shared ? [problem('OPERATOR_TOKENS', 'gives the same token to two operators')] : []),
  ];
}

function checkSignIn(config: Config, values: VariableValues): ConfigProblem[] {
  const clustered = config.mode === 'clustered';
  if (!config.signIn.demo) {
    if (anySso(values)) return [];
    const why = clustered ? 'when clustered' : 'without the demo sign-in, or nobody could sign in';
    return [problem('AUTH_JWKS_URL', `is required ${why}, with AUTH_ISSUER and AUTH_AUDIENCE`)];
  }
  const problems: ConfigProblem[] = [];
  if (anySso(values)) problems.push(problem('DEMO_SIGN_IN', 'refuses to be on together with SSO (AUTH_…)'));
  if (config.production) problems.push(problem('DEMO_SIGN_IN', 'refuses to be on with NODE_ENV=production'));
  if (clustered) {
    problems.push(
      problem('DEMO_SIGN_IN', 'refuses to be on when clustered: set AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE'),
    );
  }
  if (!isLoopback(config.http.host) && values.DEMO_SIGN_IN === undefined) {
    const why = 'would open the demo sign-in to the network, where anybody can be any student';
    problems.push(problem('HOST', `${why}: set up SSO (AUTH_…), or say DEMO_SIGN_IN=on if that is meant`));
  }
  return problems;
}

const anySso = (values: VariableValues): boolean =>
  [values.AUTH_JWKS_URL, values.AUTH_ISSUER, values.AUTH_AUDIENCE].some((value) => value !== undefined);

function checkSso(values: VariableValues): ConfigProblem[] {
  const { AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE, AUTH_CLIENT_ID, AUTH_AUTHORIZE_URL, AUTH_TOKEN_URL } = values;
  const page = { AUTH_CLIENT_ID, AUTH_AUTHORIZE_URL, AUTH_TOKEN_URL };
  const problems = [...allOrNone({ AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE }), ...allOrNone(page)];
  if (Object.values(page).some(Boolean) && !anySso(values)) {
    problems.push(problem('AUTH_JWKS_URL', 'is missing: AUTH_CLIENT_ID and its like need SSO to be set up'));
  }
  return problems;
}

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
} satisfies Partial<Record<keyof VariableValues, readonly (keyof VariableValues)[]>>;

const checkWithoutEffect = (given: ReadonlySet<string>): ConfigProblem[] =>
  Object.entries(NEEDED_BESIDE).flatMap(([needed, names]) =>
    given.has(needed) ? [] : names.filter((name) => given.has(name)).map((name) => problem(name, `needs ${needed}`)),
  );

function allOrNone(group: Record<string, unknown>): ConfigProblem[] {
  const names = Object.keys(group);
  const given = names.filter((name) => group[name] !== undefined);
  if (given.length === 0) return [];
  return names
    .filter((name) => group[name] === undefined)
    .map((name) => problem(name, `is missing beside ${given.join(' and ')}`));
}

function checkTimes(config: Config): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const floorMs = graceFloorMs(config.live);
  if (config.line.graceSeconds * 1_000 <= floorMs) {
    const sum = 'PING_INTERVAL_MS + PING_TIMEOUT_MS + pod timeout (5000 ms) + RECONNECT_DELAY_MAX_MS';
    problems.push(problem('LINE_GRACE_SECONDS', `must be longer than ${sum}, which is ${floorMs} ms`));
  }
  if (config.line.noShowSeconds >= config.line.leaseSeconds) {
    problems.push(problem('LINE_NO_SHOW_SECONDS', 'must be shorter than LINE_LEASE_SECONDS'));
  }
  return problems;
}
