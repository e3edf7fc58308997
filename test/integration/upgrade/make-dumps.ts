import { join } from 'node:path';
import { startIssuer } from '../../../load/issuer/issuer';
import { startPod } from '../../../load/servers/pod';
import { startRedis } from '../../../load/servers/redis';
import { startDatabase } from '../../../load/servers/start-database';
import { temporaryDirectory } from '../../../load/servers/temporary-directory';
import { type DumpKind, mysqlStatements, sqliteStatements, writeDump } from './dump';
import { Campus, environment, live } from './story';

/** Nobody listens there, so that the mails stay in the outbox. */
const NO_MAIL_SERVER = 'smtp://127.0.0.1:1';

/** Runs the version of `checkout` for real, and keeps what it had written when it was stopped. See the README here. */
async function make(kind: DumpKind, checkout: string): Promise<void> {
  const directory = temporaryDirectory('dump');
  const issuer = await startIssuer();
  const stores = kind === 'sqlite' ? undefined : { database: await startDatabase(kind), redis: await startRedis() };
  try {
    const where = stores && { DATABASE_URL: stores.database.url, REDIS_URL: stores.redis.url };
    const env = { ...environment(issuer, NO_MAIL_SERVER), ...where };
    const pod = await startPod({ checkout, dataDir: directory.path, env });
    const campus = new Campus(pod.url, issuer);
    const places = await live(campus);
    await pod.stop();
    campus.leave();
    const statements = stores
      ? await mysqlStatements(stores.database.url)
      : sqliteStatements(join(directory.path, 'sunbeon.sqlite'));
    writeDump(kind, { madeAt: Date.now(), places, statements });
    console.log(`${kind}: ${statements.length} statements`);
  } finally {
    await issuer.close();
    await stores?.redis.stop();
    await stores?.database.stop();
    directory.remove();
  }
}

async function main(): Promise<void> {
  const [checkout] = process.argv.slice(2);
  if (!checkout) throw new Error('say where the checkout of the old version is, built');
  for (const kind of ['sqlite', 'mysql', 'mariadb'] as const) await make(kind, checkout);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
