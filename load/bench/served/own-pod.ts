import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '../../../src/database/database';
import { type DatabaseOptions, openDatabase } from '../../../src/database/open-database';
import { buildService } from '../../servers/embedded-server';
import { type Pod, startPod } from '../../servers/pod';
import { temporaryDirectory } from '../../servers/temporary-directory';
import { pin } from '../../support/cores';
import type { Comer } from '../../swarm/plan';
import { SignInMint } from '../../swarm/sign-ins';
import { BenchOperator } from './operator';
import type { Served } from './served';

export interface OwnPodOptions {
  /** Students whom it knows, and who may come. */
  students: number;
  /** What it is held to; everything by default. */
  cores?: readonly number[];
  env?: Record<string, string>;
  /** What the database holds beforehand; with the entities that are needed for it. */
  prepare?: (database: Database) => Promise<void>;
  entities?: DatabaseOptions['entities'];
}

/** The service as `npm start` runs it: one process, embedded, in a directory of its own. */
export interface OwnPod extends Served {
  pod: Pod;
  comers: Comer[];
  operator: BenchOperator;
}

/** Builds the service unless that was done from the present sources, and starts it. */
export async function startOwnPod(options: OwnPodOptions): Promise<OwnPod> {
  const { students, cores, env = {}, prepare, entities = [] } = options;
  buildService();
  const directory = temporaryDirectory('bench');
  try {
    const { mint, tokens, variables } = environmentOf();
    const database = await openDatabase({ file: join(directory.path, 'sunbeon.sqlite'), entities });
    try {
      await database.migrate();
      await mint.enrol(database, students);
      await prepare?.(database);
    } finally {
      await database.close();
    }
    const pod = await startPod({ dataDir: directory.path, env: { ...variables, ...env } });
    if (cores) pin(pod.pid, cores);
    const stop = async (): Promise<void> => {
      // Thousands of connections are not handed over to anybody.
      await pod.kill();
      directory.remove();
    };
    const operator = new BenchOperator(pod.url, tokens);
    return { name: 'ours', url: pod.url, pids: [pod.pid], pod, comers: mint.comers(students), operator, stop };
  } catch (error) {
    directory.remove();
    throw error;
  }
}

/** What a bench starts every pod with, and the keys to it. */
export interface BenchEnvironment {
  mint: SignInMint;
  tokens: { operator: string; metrics: string };
  variables: Record<string, string>;
}

/** A crowd from one machine comes faster than any campus: nobody is turned away for that. */
export function environmentOf(): BenchEnvironment {
  const mint = new SignInMint();
  const tokens = { operator: secret(), metrics: secret() };
  const variables = {
    SIGNING_KEYS: mint.variable,
    OPERATOR_TOKENS: `bench:${tokens.operator}`,
    METRICS_TOKEN: tokens.metrics,
    LOG_LEVEL: 'warn',
    HANDSHAKES_PER_SECOND: '100000',
  };
  return { mint, tokens, variables };
}

const secret = (): string => randomBytes(24).toString('hex');
