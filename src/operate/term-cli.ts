import { Logger } from '@nestjs/common';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { creditLimitSchema } from '../contract/policy';
import type { CatalogueProblem } from '../contract/operate/terms';
import { DomainError } from '../common/domain-error';
import { errorText } from '../common/text';
import { slug } from '../contract/fields';
import { parseInput } from '../common/validation';
import { openForCommand } from '../database/command-database';
import type { Database } from '../database/database';
import { StudentEntity } from '../identity/student.entity';
import { OutboxTable } from '../notice/outbox';
import { CatalogueImport } from '../registration/catalogue/import/catalogue-import';
import { catalogueText } from '../registration/catalogue/import/catalogue-rows';
import type { SeatsChanged } from '../registration/catalogue/import/catalogue-report';
import { problemsText, reportText } from '../registration/catalogue/import/catalogue-report-text';
import { enrolmentCsv } from '../registration/operators/enrolment-export';
import { registrationEntities } from '../registration/entities';
import { TermEntity } from '../registration/entities/term.entity';
import { waitlistCsv } from '../registration/operators/waitlist-export';
import { tellPodsOfSeats } from './tell-pods';

const USAGE = `Usage: npm run term -- import FILE --term TERM [--name NAME] [--credit-limit CREDITS] [--dry-run] [--close-missing]
              [--force] [--json]
       npm run term -- export --term TERM [--waitlists] [--out FILE] [--bom]

import   brings a catalogue (CSV, UTF-8) into the term and says what differs; also while registration runs. With the
         pods' REDIS_URL, pages that watch a section see a changed capacity at once, as by the operator API.
export   writes the term's enrolments as CSV, or its waitlists, to standard output unless --out names a file

  --dry-run         only say what would happen, and change nothing
  --close-missing   sections of the term that the file lacks are closed: nobody new gets in, waits for them end, those
                    enrolled keep their seats, and both are told by mail
  --force           also a file that has hardly any section of the term
  --name            of a term that is new
  --credit-limit    most credits of one student; as it is, and 6 in a new term, unless given
  --waitlists       all entries in order, with position, state and times, also those that ended
  --bom             begin with a byte order mark, for spreadsheet programs
  --database        mysql://…; default: DATABASE_URL
  --data-dir        of an embedded pod; default: DATA_DIR or ./data
  --redis           redis://… of the pods; default: REDIS_URL`;

const OPTIONS = {
  term: { type: 'string' },
  name: { type: 'string' },
  'credit-limit': { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  'close-missing': { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  out: { type: 'string' },
  waitlists: { type: 'boolean', default: false },
  bom: { type: 'boolean', default: false },
  database: { type: 'string', default: process.env.DATABASE_URL },
  'data-dir': { type: 'string', default: process.env.DATA_DIR ?? './data' },
  redis: { type: 'string', default: process.env.REDIS_URL },
  help: { type: 'boolean', default: false },
} as const;

const LATE = "Note: pages that watch a section see its new seats with the section's next change.";

type Values = ReturnType<typeof read>['values'];

const read = () => parseArgs({ allowPositionals: true, options: OPTIONS });

const entities = [...registrationEntities, StudentEntity];

async function run(): Promise<number> {
  const { values, positionals } = read();
  const [command, file, ...rest] = positionals;
  const complete = command === 'import' ? file !== undefined : command === 'export' && file === undefined;
  if (values.help || !complete || rest.length > 0 || values.term === undefined) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const termId = parseInput(slug, values.term);
  const csv = file === undefined ? undefined : catalogueText(await readFile(file));
  const purpose = csv === undefined ? 'read' : values['dry-run'] ? 'rehearse' : 'write';
  const place = { url: values.database, dataDir: values['data-dir'] };
  const database = await openForCommand({ ...place, entities, purpose });
  try {
    await (csv === undefined ? exportTerm(database, termId, values) : importTerm(database, termId, csv, values));
    return 0;
  } finally {
    await database.close();
  }
}

async function importTerm(database: Database, termId: string, csv: string, values: Values): Promise<void> {
  const { name, force, 'credit-limit': limit, 'dry-run': dryRun, 'close-missing': closeMissing } = values;
  const creditLimit = limit === undefined ? undefined : parseInput(creditLimitSchema, Number(limit));
  const options = { name, creditLimit, force, dryRun, closeMissing, outbox: new OutboxTable() };
  const { report, seats } = await CatalogueImport.run(database, csv, termId, options);
  console.log(values.json ? JSON.stringify(report) : reportText(report));
  if (seats.length > 0) await tellPods(values.redis, termId, seats);
}

/** The import is done, whatever becomes of this: pages that are not told see the seats with their next read. */
async function tellPods(redisUrl: string | undefined, termId: string, seats: SeatsChanged[]): Promise<void> {
  if (!redisUrl) return console.error(`${LATE} Give --redis or REDIS_URL, and pods in a cluster are told at once.`);
  try {
    const counts = seats.map(({ id, left, version, capacity }): [string, number, number, number] => [
      id,
      left,
      version,
      capacity,
    ]);
    await tellPodsOfSeats(redisUrl, termId, counts);
  } catch (error) {
    console.error(`${LATE} The pods could not be told: ${errorText(error)}`);
  }
}

async function exportTerm(database: Database, termId: string, { out, bom, waitlists }: Values): Promise<void> {
  const known = await database.read((manager) => manager.existsBy(TermEntity, { id: termId }));
  if (!known) throw new Error(`there is no term "${termId}"`);
  const csv = (waitlists ? waitlistCsv : enrolmentCsv)(database, termId, { bom });
  if (out === undefined) await pipeline(csv, process.stdout, { end: false });
  else await pipeline(csv, createWriteStream(out));
}

// What is printed is the report, or the file; whatever goes wrong on the way is said beside it.
const say = (fields: unknown, message?: unknown): void => console.error(typeof fields === 'string' ? fields : message);
Logger.overrideLogger({ log: () => undefined, warn: say, error: say });

run().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(`term: ${errorText(error)}`);
    if (error instanceof DomainError && error.details?.problems) {
      console.error(problemsText(error.details.problems as CatalogueProblem[]));
    }
    process.exitCode = 2;
  },
);
