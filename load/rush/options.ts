import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { DATABASE_MAKERS, isMaker } from '../servers/sql-server';
import { STUDENTS_OF_THE_TERM } from './demand';

export const USAGE = `npm run rush -- [--students N] [--changes] [--url U | --cluster] [--seed S] [--json] …

Simulated students over real sockets who together want the real demand of the demo term. Each joins, watches the
position, is let in, commits the wish list and finishes. Every list is legal, so the right outcome of each section is
min(demand, capacity), of those who still want it in the end. Ends with a summary, and with a code other than 0 when a
promise was broken (1), the rush did not end in time (1), or it could not start (2).

  --students N          how many students; ${STUDENTS_OF_THE_TERM} (the default) want exactly the real demand, others in proportion
  --seed S              repeats lists, arrivals, reconnects and the order of commits
  --changes             half of the students change their mind after the first answers: they give seats back, swap one for
                        another, wait where it is full, leave waitlists. Wishes are moved so that many sections run full.
                        For terms whose seats go to waitlists at once, and else to everybody (as they do by default)
  --thinking SECONDS    with --changes: how long a student thinks at most before giving something back (3)
  --settle SECONDS      with --changes: how long held seats and news may take after the last student has finished (15)
  --json                the last line of the standard output is one JSON object
  --arrive SECONDS      all come within this time (10)
  --reconnect SHARE     of the students lose the connection while waiting (0.1)
  --reload SHARE        of the students reload the page while waiting (0.05)
  --second-tab SHARE    of the students open a second tab while waiting (0.05)
  --timeout SECONDS     the rush must be over by then; without it, it is stuck when nobody gets on for two minutes after the
                        opening (or for three turns of a slower room)

The service: without --url one of our own is started, embedded, in a directory that is removed at the end.
  --cluster             one of our own as it runs for real: pods behind nginx, Redis, MySQL and an identity provider, all
                        ended and removed at the end; the outcome is read from the tables
  --pods N              of the cluster (2)
  --database MAKER      of the cluster: mysql (the default) or mariadb
  --url U               a service that runs
  --operator-token T    of that service; makes a room for the rush (or OPERATOR_TOKEN in the environment)
  --room ID             a room that is there, instead
  --rate N              admissions per second of the room made (a fifteenth of the students)
  --capacity N          students inside at once of the room made (a third of the students)
  --opens-after SECONDS the room made opens this long after the rush began (3)
  --term ID             needed when there is more than one
  --tokens FILE         students sign in with these tokens (npm run tokens) instead of the demo sign-in
  --database URL        reads the outcome from this MySQL or MariaDB; without it (and with --url) from the public API
`;

const DEFAULT_PODS = 2;

const share = z.coerce.number().min(0).max(1);
const seconds = z.coerce.number().min(0).max(86_400);

const optionsSchema = z.object({
  students: z.coerce.number().int().min(1).max(100_000).optional(),
  seed: z.string().min(1).optional(),
  json: z.boolean(),
  changes: z.boolean(),
  settle: seconds,
  thinking: seconds,
  cluster: z.boolean(),
  pods: z.coerce.number().int().min(1).max(16).optional(),
  arrive: seconds,
  reconnect: share,
  reload: share,
  'second-tab': share,
  timeout: seconds.optional(),
  url: z.url({ protocol: /^https?$/ }).optional(),
  'operator-token': z.string().min(1).optional(),
  room: z.string().min(1).optional(),
  rate: z.coerce.number().positive().max(10_000).optional(),
  capacity: z.coerce.number().int().min(1).max(1_000_000).optional(),
  'opens-after': seconds,
  term: z.string().min(1).optional(),
  tokens: z.string().min(1).optional(),
  database: z.union([z.enum(DATABASE_MAKERS), z.url({ protocol: /^(mysql|mariadb)$/ })]).optional(),
});

export interface RushOptions {
  /** Undefined = as many as there are tokens, or 3,000. */
  students?: number;
  seed: string;
  json: boolean;
  /** Drops, swaps and waitlists are mixed in. */
  changes: boolean;
  settleMs: number;
  thinkingMs: number;
  /** How many pods of a cluster of our own; undefined = none. */
  pods?: number;
  arriveMs: number;
  reconnect: number;
  reload: number;
  secondTab: number;
  timeoutMs?: number;
  url?: string;
  operatorToken?: string;
  room?: string;
  /** Undefined = in proportion to the students. */
  rate?: number;
  capacity?: number;
  opensAfterMs: number;
  term?: string;
  tokens?: string;
  /** Where the outcome is read, or whose database the cluster of our own has. */
  database?: string;
}

/** @returns undefined when the usage was asked for. @throws Error that says which option is wrong */
export function readOptions(args: string[], environment: NodeJS.ProcessEnv = process.env): RushOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      students: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      changes: { type: 'boolean', default: false },
      thinking: { type: 'string', default: '3' },
      settle: { type: 'string', default: '15' },
      cluster: { type: 'boolean', default: false },
      pods: { type: 'string' },
      arrive: { type: 'string', default: '10' },
      reconnect: { type: 'string', default: '0.1' },
      reload: { type: 'string', default: '0.05' },
      'second-tab': { type: 'string', default: '0.05' },
      timeout: { type: 'string' },
      url: { type: 'string' },
      'operator-token': { type: 'string', default: environment.OPERATOR_TOKEN || undefined },
      room: { type: 'string' },
      rate: { type: 'string' },
      capacity: { type: 'string' },
      'opens-after': { type: 'string', default: '3' },
      term: { type: 'string' },
      tokens: { type: 'string' },
      database: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success) throw new Error(parsed.error.issues.map(problemText).join('\n'));
  return toOptions(parsed.data);
}

const problemText = ({ path, message }: { path: PropertyKey[]; message: string }): string =>
  `--${path.join('.')}: ${message}`;

function toOptions(values: z.infer<typeof optionsSchema>): RushOptions {
  const {
    arrive,
    timeout,
    settle,
    thinking,
    url,
    cluster,
    'second-tab': secondTab,
    'operator-token': operatorToken,
    ...rest
  } = values;
  const { 'opens-after': opensAfter, seed = randomBytes(4).toString('hex'), pods = DEFAULT_PODS, ...same } = rest;
  if (url === undefined && (same.room ?? same.tokens) !== undefined) {
    throw new Error('--room and --tokens go with --url.');
  }
  if (same.database !== undefined && (isMaker(same.database) ? !cluster : url === undefined)) {
    throw new Error('--database names a maker with --cluster, and an address with --url.');
  }
  if (cluster && url !== undefined)
    throw new Error('--cluster starts a service of its own: it does not go with --url.');
  if (!cluster && values.pods !== undefined) throw new Error('--pods goes with --cluster.');
  return {
    ...same,
    seed,
    secondTab,
    operatorToken,
    url: url?.replace(/\/$/, ''),
    pods: cluster ? pods : undefined,
    arriveMs: arrive * 1_000,
    opensAfterMs: opensAfter * 1_000,
    settleMs: settle * 1_000,
    thinkingMs: thinking * 1_000,
    timeoutMs: timeout === undefined ? undefined : timeout * 1_000,
  };
}
