import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorText } from '../common/text';
import type { Database } from '../database/database';
import { openDatabase } from '../database/open-database';
import { readEpochs } from './trail-reader';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from './trail.entity';
import { verifyTrail } from './verify';

const USAGE = `Usage: npm run trail -- verify --room ROOM [--database mysql://… | --data-dir DIR] [--json]

Proves from the append-only trail that the room's line was fair: one place per student, nobody let in past somebody
present, never more inside than the capacity, never faster than the rate. Exit code 1 when it was not.

  --database   default: DATABASE_URL
  --data-dir   of an embedded pod; default: DATA_DIR or ./data`;

const entities = [LineEpochEntity, TrailCheckpointEntity, TrailEntity];

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      room: { type: 'string' },
      database: { type: 'string', default: process.env.DATABASE_URL },
      'data-dir': { type: 'string', default: process.env.DATA_DIR ?? './data' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || positionals[0] !== 'verify' || !values.room) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const database = await open(values.database, values['data-dir']);
  try {
    return await verify(database, values.room, values.json);
  } finally {
    await database.close();
  }
}

function open(url: string | undefined, dataDir: string): Promise<Database> {
  return openDatabase(url ? { url, entities } : { file: join(dataDir, 'sunbeon.sqlite'), entities });
}

async function verify(database: Database, roomId: string, json: boolean): Promise<number> {
  const epochs = await database.read((manager) => readEpochs(manager, roomId));
  if (epochs.length === 0) throw new Error(`there is no trail of a room "${roomId}"`);
  const report = verifyTrail(epochs);
  const pass = report.violations.length === 0;
  if (json) console.log(JSON.stringify({ room: roomId, pass, ...report }));
  else {
    const { violations, ...counts } = report;
    console.table([counts]);
    for (const { rule, epoch, sequence, text } of violations) console.log(`${rule} at ${epoch}/${sequence}: ${text}`);
    console.log(pass ? 'Fair: no promise was broken.' : `NOT fair: ${violations.length} broken promises.`);
  }
  return pass ? 0 : 1;
}

run().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(`trail: ${errorText(error)}`);
    process.exitCode = 2;
  },
);
