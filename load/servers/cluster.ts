import { randomBytes } from 'node:crypto';
import { Issuer, startIssuer } from '../issuer/issuer';
import { Nginx, startNginx } from './nginx';
import { Pod, startPod } from './pod';
import { startRedis } from './redis';
import { Service, ServiceOptions } from './service';
import { DatabaseMaker, DatabaseService } from './sql-server';
import { startDatabase } from './start-database';

export interface ClusterOptions extends ServiceOptions {
  /** Another Redis than a server of its own without persistence. */
  redis?: () => Promise<Service>;
  /** Whose database; default MySQL. */
  database?: DatabaseMaker;
  /** How many pods; default 2. */
  pods?: number;
  /** More variables of every pod. */
  env?: Record<string, string>;
}

/** The service as it runs for real: Redis, MySQL, an identity provider, pods, and nginx in front of them. */
export interface Cluster {
  redis: Service;
  database: DatabaseService;
  issuer: Issuer;
  /** Of the issuer's tokens. */
  audience: string;
  pods: Pod[];
  nginx: Nginx;
  /** Behind nginx. */
  url: string;
  operatorToken: string;
  metricsToken: string;
  /** What every pod is started with. */
  env: Record<string, string>;
  /** One more pod on the same stores; nginx does not know it unless it takes the port of one that is gone. */
  addPod(options?: { port?: number; env?: Record<string, string> }): Promise<Pod>;
  /** The provider's token of a student, for POST /api/sign-in/sso. */
  ssoToken(studentId: string): Promise<string>;
  stop(): Promise<void>;
}

const AUDIENCE = 'sunbeon';

/** Starts all of it; every part is private to the caller (see `own`). */
export async function startCluster({ pods = 2, env = {}, ...options }: ClusterOptions = {}): Promise<Cluster> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const [redis, database, issuer] = await startStores(options, stops);
    const tokens = { operatorToken: secret(), metricsToken: secret() };
    const podEnv = { ...environment(redis, database, issuer, tokens), ...env };
    const addPod: Cluster['addPod'] = async ({ port, env: more } = {}) => {
      const pod = await startPod({ env: { ...podEnv, ...more }, port });
      stops.push(() => pod.stop());
      return pod;
    };
    const started = await Promise.all(Array.from({ length: pods }, () => addPod()));
    const nginx = await startNginx(started.map(({ port }) => `127.0.0.1:${port}`));
    stops.push(() => nginx.stop());
    const ssoToken = (studentId: string): Promise<string> =>
      issuer.key.sign({ sub: studentId, name: studentId }, { issuer: issuer.url, audience: AUDIENCE });
    return {
      redis,
      database,
      issuer,
      audience: AUDIENCE,
      pods: started,
      nginx,
      url: nginx.url,
      ...tokens,
      env: podEnv,
      addPod,
      ssoToken,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startStores(
  {
    redis: makeRedis = () => startRedis(options),
    database: maker = 'mysql',
    ...options
  }: Omit<ClusterOptions, 'pods' | 'env'>,
  stops: (() => Promise<unknown>)[],
): Promise<[Service, DatabaseService, Issuer]> {
  const redis = await makeRedis();
  stops.push(() => redis.stop());
  const database = await startDatabase(maker, options);
  stops.push(() => database.stop());
  const issuer = await startIssuer();
  stops.push(() => issuer.close());
  return [redis, database, issuer];
}

function environment(
  redis: Service,
  database: DatabaseService,
  issuer: Issuer,
  tokens: Pick<Cluster, 'operatorToken' | 'metricsToken'>,
): Record<string, string> {
  return {
    REDIS_URL: redis.url,
    DATABASE_URL: database.url,
    SIGNING_KEYS: `test:${randomBytes(32).toString('base64')}`,
    OPERATOR_TOKENS: `tester:${tokens.operatorToken}`,
    METRICS_TOKEN: tokens.metricsToken,
    AUTH_JWKS_URL: issuer.jwksUrl,
    AUTH_ISSUER: issuer.url,
    AUTH_AUDIENCE: AUDIENCE,
    TRUSTED_PROXIES: 'loopback',
  };
}

const secret = (): string => randomBytes(24).toString('hex');
