import { randomBytes } from 'node:crypto';
import { ConfigError, type Environment, loadConfig } from './load-config';
import { VARIABLES } from './variables';

const key = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;

const SSO = {
  AUTH_JWKS_URL: 'https://id.example.edu/jwks',
  AUTH_ISSUER: 'https://id.example.edu',
  AUTH_AUDIENCE: 'sunbeon',
};

const CLUSTERED = {
  ...SSO,
  REDIS_URL: 'redis://redis:6379',
  DATABASE_URL: 'mysql://sunbeon:hidden@db:3306/sunbeon',
  SIGNING_KEYS: key('k1'),
  OPERATOR_TOKENS: 'Minji:0123456789abcdef',
};

function problemsOf(environment: Environment): string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable, message }) => `${variable} ${message}`);
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('starts embedded with the demo sign-in on loopback when nothing is set', () => {
    const config = loadConfig({});
    expect(config.mode).toBe('embedded');
    expect(config.signIn.demo).toBe(true);
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000, allowedOrigins: [], trustedProxies: [] });
    expect(config.line).toEqual({
      ratePerSecond: 10,
      capacity: 200,
      leaseSeconds: 600,
      graceSeconds: 300,
      noShowSeconds: 45,
    });
  });

  it('counts an empty variable as not set', () => {
    expect(loadConfig({ PORT: '', REDIS_URL: ' ', HOST: '' })).toEqual(loadConfig({}));
  });

  it('is frozen to its depths', () => {
    const config = loadConfig(CLUSTERED);
    expect(Object.isFrozen(config.signIn.sso?.claims)).toBe(true);
    expect(Object.isFrozen(config.signingKeys?.[0])).toBe(true);
  });

  it('is clustered with both stores, keys, SSO and operators', () => {
    const config = loadConfig(CLUSTERED);
    expect(config.mode).toBe('clustered');
    expect(config.signIn.demo).toBe(false);
    expect(config.http.host).toBe('0.0.0.0');
    expect(config.signingKeys?.map(({ kid }) => kid)).toEqual(['k1']);
    expect(config.operatorTokens).toEqual([{ name: 'Minji', token: '0123456789abcdef', role: 'owner' }]);
  });

  it('names all problems at once', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      TIME_ZONE: 'Mars/Olympus',
      REDIS_URL: 'redis://redis',
      ALLOWED_ORIGINS: 'https://ok.example, nonsense',
      LINE_GRACE_SECONDS: '20',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'ALLOWED_ORIGINS',
      'TIME_ZONE',
      'DATABASE_URL',
      'LINE_GRACE_SECONDS',
    ]);
  });

  it('names what is missing beside a malformed variable, too', () => {
    expect(problemsOf({ AUTH_ISSUER: 'two words' }).map((problem) => problem.split(' ')[0])).toEqual([
      'AUTH_ISSUER',
      'AUTH_JWKS_URL',
      'AUTH_AUDIENCE',
    ]);
  });

  it('names what the cluster still needs also when the URL of a store is malformed', () => {
    const problems = problemsOf({ REDIS_URL: 'redis://redis', DATABASE_URL: 'postgres://db/sunbeon' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'SIGNING_KEYS',
      'OPERATOR_TOKENS',
      'AUTH_JWKS_URL',
    ]);
  });

  it.each([
    ['DATABASE_URL', 'mysql://db'],
    ['DATABASE_URL', 'mysql://sunbeon:100%sure@db/sunbeon'],
    ['REDIS_URL', 'redis://:100%sure@redis'],
    ['REDIS_URL', 'redis+sentinel://:100%sure@one,two/line'],
    ['TRUSTED_PROXIES', '10.0.0.0/99'],
    ['TRUSTED_PROXIES', '10.0.0/8'],
    ['TRUSTED_PROXIES', '1:2:3'],
    ['AUTH_ALGORITHMS', ','],
    ['METRICS_PORT', '3000'],
  ])('stops at a %s that a library would stumble over later: %s', (name, value) => {
    expect(problemsOf({ ...CLUSTERED, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} `))]);
  });

  it.each(['10.89.7.0/24', '10.0.0.1, 2001:db8::/32', 'loopback,::1'])('takes %s for trusted proxies', (proxies) => {
    expect(loadConfig({ TRUSTED_PROXIES: proxies }).http.trustedProxies.join(', ')).toBe(proxies.replace(/, ?/g, ', '));
  });

  it('never shows a value, of a secret or of anything else', () => {
    const marked = Object.fromEntries(
      VARIABLES.map(({ variable }) => [variable, `\u0001S3CRET ${variable.toLowerCase()}`]),
    );
    expect(() => loadConfig(marked)).toThrow(ConfigError);
    for (const problem of problemsOf(marked)) expect(problem).not.toMatch(/S3CRET/);
    const contradicting = {
      ...CLUSTERED,
      REDIS_URL: '',
      DEMO_SIGN_IN: 'on',
      OPERATOR_TOKENS: 'a:S3CRET-S3CRET-S3CRET,a:S3CRET-S3CRET-S3CRET',
    };
    expect(problemsOf(contradicting).length).toBeGreaterThan(2);
    for (const problem of problemsOf(contradicting)) expect(problem).not.toMatch(/S3CRET|hidden/);
  });

  it.each([
    'SIGNING_KEYS',
    'OPERATOR_TOKENS',
    'AUTH_JWKS_URL',
    'AUTH_ISSUER',
    'AUTH_AUDIENCE',
    'DATABASE_URL',
    'REDIS_URL',
  ])('does not start clustered without %s', (name) => {
    expect(problemsOf({ ...CLUSTERED, [name]: '' })).toContainEqual(expect.stringMatching(new RegExp(`^${name} `)));
  });

  it.each([
    'rediss://user:pass@cache:6380/2',
    'redis+cluster://user:pass@one:7001,two',
    'rediss+sentinel://:pass@one:26379,two:26380/line-master',
  ])('takes %s for a Redis', (url) => {
    expect(loadConfig({ ...CLUSTERED, REDIS_URL: url }).redisUrl).toBe(url);
  });

  it.each(['http://cache', 'redis+sentinel://one,two', 'redis+cluster://one,two/name', 'redis+cluster://'])(
    'does not take %s for a Redis',
    (url) => {
      expect(problemsOf({ ...CLUSTERED, REDIS_URL: url })).toEqual([expect.stringMatching(/^REDIS_URL must be/)]);
    },
  );

  it.each([
    ['SSO', { ...SSO, DEMO_SIGN_IN: 'on' }],
    ['production', { NODE_ENV: 'production', DEMO_SIGN_IN: 'on' }],
    ['a cluster', { ...CLUSTERED, DEMO_SIGN_IN: 'on' }],
  ])('refuses the demo sign-in together with %s', (_, environment) => {
    expect(problemsOf(environment)).toContainEqual(expect.stringMatching(/^DEMO_SIGN_IN refuses/));
  });

  it('does not start when nobody could sign in', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([expect.stringMatching(/^AUTH_JWKS_URL is required/)]);
    expect(problemsOf({ DEMO_SIGN_IN: 'off' })).toEqual([expect.stringMatching(/^AUTH_JWKS_URL is required/)]);
  });

  it('opens the demo sign-in to the network only when that is said', () => {
    expect(problemsOf({ HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/^HOST would open the demo sign-in/)]);
    expect(problemsOf({ HOST: '127.0.0.9' })).toEqual([]);
    const config = loadConfig({ HOST: '0.0.0.0', DEMO_SIGN_IN: 'on' });
    expect(config.warnings).toEqual([expect.stringMatching(/open to the network/)]);
  });

  it('insists on a grace that outlasts a lost socket, a dead pod and the way back', () => {
    const live = { PING_INTERVAL_MS: '1000', PING_TIMEOUT_MS: '1000', RECONNECT_DELAY_MAX_MS: '2000' };
    expect(problemsOf({ ...live, LINE_GRACE_SECONDS: '9' })).toEqual([
      expect.stringMatching(/^LINE_GRACE_SECONDS .*9000 ms/),
    ]);
    expect(problemsOf({ ...live, LINE_GRACE_SECONDS: '10' })).toEqual([]);
  });

  it.each([
    ['a short key', `k1:${randomBytes(31).toString('base64')}`],
    ['no key id', randomBytes(32).toString('base64')],
    ['the same key id twice', `${key('k1')},${key('k1')}`],
  ])('refuses signing keys with %s', (_, keys) => {
    expect(problemsOf({ SIGNING_KEYS: keys })).toEqual([expect.stringMatching(/^SIGNING_KEYS /)]);
  });

  it('accepts asymmetric algorithms only', () => {
    for (const algorithm of ['HS256', 'none', 'RS256,HS512']) {
      expect(problemsOf({ ...SSO, AUTH_ALGORITHMS: algorithm })).toEqual([expect.stringMatching(/^AUTH_ALGORITHMS /)]);
    }
  });

  it('says what is wrong with one of several read replicas as of a single address', () => {
    const replicas = (...urls: string[]) => ({ ...CLUSTERED, DATABASE_REPLICA_URLS: urls.join(',') });
    const badCa = 'mysql://db2/sunbeon?ca=/nowhere/S3CRET.pem';
    const problem = problemsOf({ ...CLUSTERED, DATABASE_URL: badCa })[0]?.replace(/^DATABASE_URL /, '');
    expect(problem).toMatch(/\(ca\).*ENOENT$/);
    expect(problemsOf(replicas(badCa))).toEqual([`DATABASE_REPLICA_URLS ${problem}`]);
    expect(problemsOf(replicas('mysql://db1/sunbeon', badCa))).toEqual([`DATABASE_REPLICA_URLS (2 of 2) ${problem}`]);
  });

  const PAGE = {
    AUTH_CLIENT_ID: 'page',
    AUTH_AUTHORIZE_URL: 'https://id.example.edu/authorize',
    AUTH_TOKEN_URL: 'https://id.example.edu/token',
  };

  it.each([
    // Also set to its default: who sets it believes that a secret is sent.
    ['AUTH_CLIENT_AUTHENTICATION', 'basic', { ...SSO, ...PAGE }, { AUTH_CLIENT_SECRET: 'secret' }],
    ['AUTH_CLIENT_AUTHENTICATION', 'post', { ...SSO, ...PAGE }, { AUTH_CLIENT_SECRET: 'secret' }],
    ['AUTH_CLIENT_SECRET', 'secret', SSO, PAGE],
    ['AUTH_SCOPE', 'openid', SSO, PAGE],
    ['AUTH_SIGN_OUT_URL', 'https://id.example.edu/end', SSO, PAGE],
    ['AUTH_CLAIM_ID', 'student', {}, SSO],
  ])('does not take %s=%s for something that has an effect alone', (name, value, alone, needed) => {
    expect(problemsOf({ ...alone, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} needs`))]);
    expect(problemsOf({ ...alone, ...needed, [name]: value })).toEqual([]);
  });

  it('asks after variables that look misspelt, and leaves strangers alone', () => {
    const environment = { DATABSE_URL: 'x', SUNBEON_PORT: '1', HOME: '/root', HOSTNAME: 'pod', PATH: '/bin' };
    expect(loadConfig(environment).warnings).toEqual([
      'DATABSE_URL is not a variable of this service; did you mean DATABASE_URL?',
      'SUNBEON_PORT is not a variable of this service; did you mean PORT?',
    ]);
  });
});
