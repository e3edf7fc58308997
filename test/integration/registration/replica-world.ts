import { randomBytes } from 'node:crypto';
import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import { ServiceApi } from '../../../load/support/service-api';
import { OperatorClient } from '../../support/operator';
import { type Pod, startPod } from '../../../load/servers/pod';
import { startRedis } from '../../../load/servers/redis';
import { type Replication, startReplication } from '../../support/replication';
import type { DatabaseMaker } from '../../../load/servers/sql-server';

const AUDIENCE = 'sunbeon';

/** A clustered pod whose database has a copy: two real servers, one of which replicates the other. */
export interface ReplicaWorld extends Replication {
  pod: Pod;
  operator: OperatorClient;
  operatorToken: string;
  /** Our own sign-in of a student. */
  signIn(studentId: string): Promise<string>;
}

export async function startReplicaWorld(maker: DatabaseMaker): Promise<ReplicaWorld> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const redis = await startRedis({ own: true });
    stops.push(() => redis.stop());
    const replication = await startReplication(maker);
    stops.push(() => replication.stop());
    const issuer = await startIssuer();
    stops.push(() => issuer.close());
    const operatorToken = randomBytes(24).toString('hex');
    const env = environment(redis.url, replication, issuer, operatorToken);
    const pod = await startPod({ env });
    stops.push(() => pod.stop());
    const operator = new OperatorClient(pod.url, operatorToken);
    return { ...replication, pod, operator, operatorToken, stop, signIn: signInBy(pod, issuer) };
  } catch (error) {
    await stop();
    throw error;
  }
}

const environment = (
  redisUrl: string,
  { primary, replicaUrl }: Replication,
  issuer: Issuer,
  operatorToken: string,
): Record<string, string> => ({
  REDIS_URL: redisUrl,
  DATABASE_URL: primary.url,
  DATABASE_REPLICA_URLS: replicaUrl,
  // What a copy that lags shows is part of the tests.
  DATABASE_REPLICA_LAG_SECONDS: '86400',
  SIGNING_KEYS: `test:${randomBytes(32).toString('base64')}`,
  OPERATOR_TOKENS: `tester:${operatorToken}`,
  AUTH_JWKS_URL: issuer.jwksUrl,
  AUTH_ISSUER: issuer.url,
  AUTH_AUDIENCE: AUDIENCE,
});

const signInBy =
  (pod: Pod, issuer: Issuer) =>
  async (studentId: string): Promise<string> => {
    const token = await issuer.key.sign(
      { sub: studentId, name: studentId },
      { issuer: issuer.url, audience: AUDIENCE },
    );
    const [signedIn] = await new ServiceApi(pod.url).signInSso([token]);
    return signedIn?.token ?? '';
  };
