import { startEmbeddedServer } from '../servers/embedded-server';
import type { MintedToken } from '../tokens/mint';
import { isMaker } from '../servers/sql-server';
import type { TruthSource } from '../judge/read-seats';
import { ServiceApi } from '../support/service-api';
import type { RushOptions } from './options';
import { startOwnCluster } from './own-cluster';

/** The service that is rushed. */
export interface Target {
  url: string;
  api: ServiceApi;
  truth: TruthSource;
  /** Tokens of its identity provider, where the students sign in with such. */
  mint?: (students: number) => Promise<MintedToken[]>;
  /** Ends it if it was started for the rush. */
  stop(): Promise<void>;
}

/** The service at `--url`, or one of our own. @throws Error when that does not start */
export async function openTarget({ url, pods, operatorToken, database }: RushOptions): Promise<Target> {
  if (pods !== undefined) return openCluster(pods, database);
  if (url === undefined) {
    const server = await startEmbeddedServer();
    const api = new ServiceApi(server.url, server.operatorToken);
    return { url: server.url, api, truth: { kind: 'sqlite', file: server.databaseFile }, stop: () => server.stop() };
  }
  const api = new ServiceApi(url, operatorToken);
  const truth: TruthSource = database === undefined ? { kind: 'api', api } : { kind: 'mysql', url: database };
  return { url, api, truth, stop: () => Promise.resolve() };
}

async function openCluster(pods: number, database = 'mysql'): Promise<Target> {
  const maker = isMaker(database) ? database : 'mysql';
  const { url, operatorToken, databaseUrl, mint, stop } = await startOwnCluster(pods, maker);
  return { url, api: new ServiceApi(url, operatorToken), truth: { kind: 'mysql', url: databaseUrl }, mint, stop };
}
