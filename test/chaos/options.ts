import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DATABASE_MAKERS, type DatabaseMaker } from '../../load/servers/sql-server';
import { FAULTS, findFault } from './faults';

export const USAGE = `npm run chaos -- [--seed S] [--rounds N] [--only FAULT]… [--database MAKER] [--json] [--list]

Breaks the running service, and proves that its promises hold. Each round has students over real sockets who join, wait,
are let in, commit and drop seats while one fault strikes; then trail, database and the students' own notes are judged.
A round whose fault did not bite counts as void. Exit code 1 when a promise was broken, 2 when it could not be run.

  --seed S      repeats schedule and faults (random by default)
  --rounds N    how many rounds (${FAULTS.length}: each fault once)
  --only FAULT  only this fault; may be given several times
  --database M  mysql (the default) or mariadb
  --json        the last line of the standard output is one JSON object
  --list        the faults, and what each does`;

export interface ChaosOptions {
  seed: string;
  rounds: number;
  faults: string[];
  database: DatabaseMaker;
  json: boolean;
}

const valuesSchema = z.object({
  seed: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,30}$/, 'letters, digits, dots and hyphens, 1 to 30')
    .optional(),
  rounds: z.coerce.number().int().min(1).max(10_000).optional(),
  only: z.array(z.string()).default([]),
  database: z.enum(DATABASE_MAKERS).default('mysql'),
  json: z.boolean(),
});

/** @returns 'help' or 'list' when that was asked for. @throws Error that says what is wrong */
export function readOptions(args: string[]): ChaosOptions | 'help' | 'list' {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string', multiple: true },
      database: { type: 'string' },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.list) return 'list';
  const parsed = valuesSchema.safeParse(values);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'));
  }
  const { seed = randomBytes(4).toString('hex'), only, database, json } = parsed.data;
  const faults = only.length > 0 ? only.map((name) => findFault(name).name) : FAULTS.map(({ name }) => name);
  return { seed, rounds: parsed.data.rounds ?? faults.length, faults, database, json };
}
