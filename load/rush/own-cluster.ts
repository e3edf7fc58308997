import { buildService } from '../servers/embedded-server';
import type { DatabaseMaker } from '../servers/sql-server';
import { type Cluster, startCluster } from '../servers/cluster';
import { importDemoTerm } from '../support/demo-term';
import { type MintedToken, mintTokens } from '../tokens/mint';

export interface OwnCluster {
  /** Of nginx. */
  url: string;
  operatorToken: string;
  /** Of MySQL or MariaDB. */
  databaseUrl: string;
  /** Tokens of its identity provider. */
  mint: (students: number) => Promise<MintedToken[]>;
  /** Ends all of it, and removes what it kept. */
  stop: () => Promise<void>;
}

/**
 * A service of our own as it runs for real: Redis, MySQL or MariaDB, an identity provider, pods behind nginx; with the demo term.
 *
 * @throws Error when a part does not start
 */
export async function startOwnCluster(pods: number, database: DatabaseMaker): Promise<OwnCluster> {
  buildService();
  const cluster = await startCluster({ pods, database, own: true, env: { LOG_LEVEL: 'warn' } });
  try {
    await importDemoTerm(cluster.database.url);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return {
    url: cluster.url,
    operatorToken: cluster.operatorToken,
    databaseUrl: cluster.database.url,
    mint: (students) => mint(cluster, students),
    stop: () => cluster.stop(),
  };
}

async function mint({ issuer, audience }: Cluster, students: number): Promise<MintedToken[]> {
  const minted: MintedToken[] = [];
  const terms = { students, issuer: issuer.url, audience, classYears: [] };
  for await (const token of mintTokens(issuer.key, terms)) minted.push(token);
  return minted;
}
