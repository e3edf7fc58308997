import { Logger } from '@nestjs/common';
import { openDatabase } from '../../../src/database/open-database';
import { OutboxTable } from '../../../src/notice/outbox';
import { commit, drop, ENTITIES, inShort, makeLedger } from './support';

/**
 * One pod of the contest, as a process of its own: reads its task as JSON from the command line, says `ready`, begins
 * when the other pod is ready, too, and prints what became of every request.
 */
interface Task {
  place: { url: string } | { file: string };
  batchSize: number;
  sectionId: string;
  /** What everybody asks for. */
  kind: 'commit' | 'drop';
  /** Students `<prefix><from>` to `<prefix><to - 1>`. */
  students: { prefix: string; from: number; to: number };
  /** Requests at a time. */
  atATime: number;
}

async function contend({ place, batchSize, sectionId, kind, students, atATime }: Task): Promise<string[]> {
  const database = await openDatabase({ ...place, entities: ENTITIES });
  const ledger = makeLedger(database, { options: { batchSize }, outbox: new OutboxTable() });
  const { prefix, from, to } = students;
  process.stdout.write('ready\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const waiting = Array.from({ length: to - from }, (_, index) => `${prefix}${from + index}`);
  const ask = kind === 'commit' ? commit : drop;
  const outcomes: string[] = [];
  const one = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      outcomes.push(...inShort(await ledger.submit(ask(id, [sectionId]))));
    }
  };
  await Promise.all(Array.from({ length: atATime }, one));
  await ledger.close();
  await database.close();
  return outcomes;
}

// Only outcomes are said.
Logger.overrideLogger(false);
contend(JSON.parse(process.argv[2] ?? '{}') as Task).then(
  (outcomes) => {
    process.stdout.write(`${JSON.stringify(outcomes)}\n`);
    process.exit(0);
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
