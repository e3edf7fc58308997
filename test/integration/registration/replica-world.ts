import { randomBytes } from 'node:crypto';
import { type Issuer, startIssuer } from '../../../load/issuer/issuer';
import { startMariaDb } from '../../support/mariadb';
import { type DatabaseService, withDatabase } from '../../support/sql-server';
import { OperatorClient } from '../../support/operator';
import { type Pod, startPod } from '../../support/pod';
import { startRedis } from '../../support/redis';
import { waitFor } from '../../support/wait-for';

const AUDIENCE = 'sunbeon';

/** A clustered pod whose database has a copy: two real servers, one of which replicates the other. */
export interface ReplicaWorld {
  pod: Pod;
  operator: OperatorClient;
  operatorToken: string;
  primary: DatabaseService;
  replica: DatabaseService;
  /** Runs a statement on the copy, in the application's database, as its administrator. */
  onReplica<T>(sql: string): Promise<T>;
  /** Until the copy has all that the primary has. */
  caughtUp(): Promise<void>;
  /** Our own sign-in of a student. */
  signIn(studentId: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startReplicaWorld(): Promise<ReplicaWorld> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const redis = await startRedis({ own: true });
    stops.push(() => redis.stop());
    const primary = await startMariaDb({ own: true, args: ['--server-id=1', '--log-bin=changes'] });
    stops.push(() => primary.stop());
    const replica = await startMariaDb({ own: true, args: ['--server-id=2', '--read-only=1'] });
    stops.push(() => replica.stop());
    const issuer = await startIssuer();
    stops.push(() => issuer.close());
    const replicaUrl = await replicate(primary, replica);
    const operatorToken = randomBytes(24).toString('hex');
    const env = environment(redis.url, primary.url, replicaUrl, issuer, operatorToken);
    const pod = await startPod({ env });
    stops.push(() => pod.stop());
    const operator = new OperatorClient(pod.url, operatorToken);
    return { pod, operator, operatorToken, primary, replica, stop, ...tools(primary, replica, pod, issuer) };
  } catch (error) {
    await stop();
    throw error;
  }
}

const environment = (
  redisUrl: string,
  primaryUrl: string,
  replicaUrl: string,
  issuer: Issuer,
  operatorToken: string,
): Record<string, string> => ({
  REDIS_URL: redisUrl,
  DATABASE_URL: primaryUrl,
  DATABASE_REPLICA_URLS: replicaUrl,
  SIGNING_KEYS: `test:${randomBytes(32).toString('base64')}`,
  OPERATOR_TOKENS: `tester:${operatorToken}`,
  AUTH_JWKS_URL: issuer.jwksUrl,
  AUTH_ISSUER: issuer.url,
  AUTH_AUDIENCE: AUDIENCE,
});

/** Makes the second server follow the first one. @returns where the application reads the copy */
async function replicate(primary: DatabaseService, replica: DatabaseService): Promise<string> {
  const name = new URL(primary.url).pathname.slice(1);
  const [position] = await withDatabase(primary.adminUrl, async (connection) => {
    const [rows] = await connection.query('SHOW MASTER STATUS');
    return rows as { File: string; Position: number }[];
  });
  await withDatabase(replica.adminUrl, async (connection) => {
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await connection.query(`GRANT ALL ON ${name}.* TO 'sunbeon'@'127.0.0.1'`);
    await connection.query(
      `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${primary.port}, MASTER_USER = 'root',
       MASTER_LOG_FILE = '${position?.File}', MASTER_LOG_POS = ${position?.Position}, MASTER_CONNECT_RETRY = 1`,
    );
    await connection.query('START SLAVE');
  });
  const url = new URL(replica.url);
  url.pathname = `/${name}`;
  return url.href;
}

function tools(primary: DatabaseService, replica: DatabaseService, pod: Pod, issuer: Issuer) {
  const name = new URL(primary.url).pathname.slice(1);
  const onReplica = <T>(sql: string): Promise<T> =>
    withDatabase(`${replica.adminUrl}/${name}`, async (connection) => (await connection.query(sql))[0] as T);
  const caughtUp = async (): Promise<void> => {
    const [position] = await withDatabase(primary.adminUrl, async (connection) => {
      const [rows] = await connection.query('SHOW MASTER STATUS');
      return rows as { File: string; Position: number }[];
    });
    await waitFor(
      async () => {
        const [status] =
          await onReplica<{ Relay_Master_Log_File: string; Exec_Master_Log_Pos: number }[]>('SHOW SLAVE STATUS');
        const { Relay_Master_Log_File: file = '', Exec_Master_Log_Pos: executed = 0 } = status ?? {};
        return file === position?.File && executed >= position.Position;
      },
      { what: 'the replica to catch up' },
    );
  };
  const signIn = async (studentId: string): Promise<string> => {
    const token = await issuer.key.sign(
      { sub: studentId, name: studentId },
      { issuer: issuer.url, audience: AUDIENCE },
    );
    const response = await fetch(`${pod.url}/api/sign-in/sso`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    return ((await response.json()) as { token: string }).token;
  };
  return { onReplica, caughtUp, signIn };
}
