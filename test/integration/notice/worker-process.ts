import { openDatabase } from '../../../src/database/open-database';
import type { Home } from '../database/support';
import { ENTITIES, makeWorker, type TestWorkerOptions } from './support';

/** A worker in a process of its own, to be killed. Its one argument is JSON: where the database is, and the options. */
async function main(): Promise<void> {
  const { place, options } = JSON.parse(process.argv[2] ?? '{}') as {
    place: Home['place'];
    options: TestWorkerOptions;
  };
  const database = await openDatabase({ ...place, entities: ENTITIES });
  makeWorker(database, options).start();
  // The worker's timers do not keep a process alive.
  setInterval(() => undefined, 1_000);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
