import { parseArgs } from 'node:util';
import { errorText } from '../common/text';
import { openForCommand } from '../database/command-database';
import type { Database } from '../database/database';
import { RoomEntity } from '../room/room.entity';
import { readRooms } from '../room/room-table';
import { LotteryRecount } from './lottery-trail';
import { type Read, readEvents, readLives, verifyStored } from './trail-reader';
import { LineEpochEntity, TrailCheckpointEntity, TrailEntity } from './trail.entity';

const USAGE = `Usage: npm run trail -- verify --room ROOM [--database mysql://… | --data-dir DIR] [--json]

Proves from the append-only trail that the room's line was fair: one place per student, nobody let in past somebody
present, never more inside than the capacity, never faster than the rate. Exit code 1 when it was not.

       npm run trail -- lottery --room ROOM [--seed-hash HASH] [--database … | --data-dir …] [--json]

Draws the room's lottery again from its seed and its list of entrants, both of which it shows, and compares. Exit code 1
when the trail says otherwise, or when the seed is not the one of the hash that was published before.

  --database   default: DATABASE_URL
  --data-dir   of an embedded pod; default: DATA_DIR or ./data`;

const entities = [LineEpochEntity, RoomEntity, TrailCheckpointEntity, TrailEntity];

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      room: { type: 'string' },
      database: { type: 'string', default: process.env.DATABASE_URL },
      'data-dir': { type: 'string', default: process.env.DATA_DIR ?? './data' },
      'seed-hash': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [command = '', ...rest] = positionals;
  if (values.help || !['verify', 'lottery'].includes(command) || rest.length > 0 || !values.room) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const database = await openForCommand({ url: values.database, dataDir: values['data-dir'], entities });
  try {
    if (command === 'lottery') return await lottery(database, values.room, values['seed-hash'], values.json);
    return await verify(database, values.room, values.json);
  } finally {
    await database.close();
  }
}

async function verify(database: Database, roomId: string, json: boolean): Promise<number> {
  const report = await verifyStored((work) => database.read(work), roomId);
  if (report.epochs === 0) throw new Error(`there is no trail of a room "${roomId}"`);
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

async function lottery(
  database: Database,
  roomId: string,
  published: string | undefined,
  json: boolean,
): Promise<number> {
  const read: Read = (work) => database.read(work);
  const [room] = await read((manager) => readRooms(manager, roomId));
  if (!room?.lotterySeed) throw new Error(`there is no lottery of a room "${roomId}"`);
  const recount = new LotteryRecount(roomId, room.lotterySeed);
  for await (const { line } of readLives(read, roomId)) {
    if (recount.report) break;
    recount.begin();
    await readEvents(read, line, (event) => recount.take(event));
  }
  const { report } = recount;
  // The seed stays secret until nobody can make use of it.
  if (!report) throw new Error(`the lottery of room "${roomId}" is not drawn yet`);
  const { problems, order, ...facts } = report;
  if (published !== undefined && published !== facts.seedHash) problems.push('the seed is not the one of that hash');
  if (json) console.log(JSON.stringify({ room: roomId, pass: problems.length === 0, ...report }));
  else {
    for (const [name, value] of Object.entries(facts)) console.log(`${name}: ${value}`);
    console.table(order);
    for (const problem of problems) console.log(problem);
    console.log(problems.length === 0 ? 'Right: this is what was drawn.' : 'NOT right: something else was drawn.');
  }
  return problems.length === 0 ? 0 : 1;
}

run().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(`trail: ${errorText(error)}`);
    process.exitCode = 2;
  },
);
