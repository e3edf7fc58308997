import { MysqlDatabase } from '../../../src/database/mysql-database';
import type { DatabaseService } from '../../servers/sql-server';
import { startDatabase } from '../../servers/start-database';
import type { Bench, BenchOptions, BenchReport } from '../bench';
import { CpuOfOthers } from '../cpu';
import { TransactionPerRequest } from '../peers/transaction-per-request';
import { type Contest, runContest, type SeatSide } from './contest';
import { figuresOf, invalidity, LATENCY_CONTENDERS, type Round, rowsOf, TARGETS } from './figures';
import { ours } from './ours';
import { hotCommit, Stage, STAGE_ENTITIES } from './stage';

interface Plan {
  students: number;
  repeats: number;
  roundMs: number;
  /** Students who ask at the same time. */
  contenders: number[];
  /** Students who want the few seats, and how many there are. */
  scarce: { students: number; seats: number };
}

const FULL: Plan = {
  students: 60_000,
  repeats: 7,
  roundMs: 2_000,
  contenders: [20, LATENCY_CONTENDERS, 1_000],
  scarce: { students: 3_000, seats: 40 },
};

const QUICK: Plan = {
  students: 20_000,
  repeats: 3,
  roundMs: 1_000,
  contenders: [LATENCY_CONTENDERS, 1_000],
  scarce: { students: 600, seats: 40 },
};

/** The redo log is large enough that neither side pays for the other's checkpoints. */
const SERVER = { own: true, redoLogMib: 512, args: ['--innodb-buffer-pool-size=512M'] };

export const seatsBench: Bench = {
  name: 'seats',
  summary: 'durable seat commits on one hot section: the ledger / one TypeORM transaction per request',
  run: async (options) => {
    const server = await startDatabase(options.database, SERVER);
    try {
      return await runOn(server, options.quick ? QUICK : FULL, options);
    } finally {
      await server.stop();
    }
  },
};

async function runOn(server: DatabaseService, plan: Plan, { say }: BenchOptions): Promise<BenchReport> {
  const database = await MysqlDatabase.open({ url: server.url, entities: STAGE_ENTITIES });
  const peer = await TransactionPerRequest.open(server.url, STAGE_ENTITIES);
  const sides = [ours(database), theirs(peer)];
  try {
    say(`preparing ${plan.students} students`);
    const stage = new Stage(database);
    await stage.build(plan.students);
    const bench = new SeatsBench(plan, stage, sides, server.pid, say);
    const sessions = await Promise.all([
      database.read((manager) => durability((sql) => manager.query(sql))),
      durability((sql) => peer.query(sql)),
    ]);
    const cpu = new CpuOfOthers();
    const rounds = await bench.contests();
    const others = cpu.share();
    const figures = figuresOf(rounds, bench.broken + (await bench.scarce()));
    return {
      figures,
      rows: rowsOf(rounds),
      targets: TARGETS,
      notes: [...notesOf(plan, sessions), `other processes used ${Math.round(others * 100)} % of the machine's CPU`],
      invalid: invalidity(figures, others),
    };
  } finally {
    for (const side of sides) await side.close();
    await database.close();
  }
}

function theirs(peer: TransactionPerRequest): SeatSide {
  return {
    name: 'peer',
    take: async (seeker) => {
      const [outcome] = await peer.commit(hotCommit(seeker));
      return outcome?.outcome === 'enrolled';
    },
    close: () => peer.close(),
  };
}

class SeatsBench {
  /** Seats that were sold and are not there, or are there and were not sold, over all rounds. */
  broken = 0;

  constructor(
    private readonly plan: Plan,
    private readonly stage: Stage,
    private readonly sides: SeatSide[],
    private readonly databasePid: number,
    private readonly say: (line: string) => void,
  ) {}

  /** Both sides in turn, after a round each that does not count. */
  async contests(): Promise<Round[]> {
    for (const side of this.sides) await this.round(side, LATENCY_CONTENDERS, this.plan.students);
    const rounds: Round[] = [];
    for (let repeat = 1; repeat <= this.plan.repeats; repeat += 1) {
      for (const contenders of this.plan.contenders) {
        for (const side of this.sides) {
          const contest = await this.round(side, contenders, this.plan.students);
          if (contest.refused + contest.failed > 0) throw unsound(side, contest);
          rounds.push({ repeat, contenders, side: side.name, contest });
          this.say(
            `${repeat}/${this.plan.repeats} ${side.name} ${contenders}: ${contest.grantedPerSecond.toFixed(0)}/s`,
          );
        }
      }
    }
    return rounds;
  }

  /** Many want few seats. @returns by how many seats any side sold more, or fewer, than there are */
  async scarce(): Promise<number> {
    const { students, seats } = this.plan.scarce;
    let wrong = 0;
    for (const side of this.sides) {
      const contest = await this.round(side, LATENCY_CONTENDERS, seats, students);
      if (contest.failed > 0) throw unsound(side, contest);
      wrong += Math.abs(contest.granted - seats);
      this.say(`${side.name}: ${students} students for ${seats} seats: ${contest.granted} granted`);
    }
    return wrong;
  }

  /** With `atMost` students, all of them ask, however long it takes. */
  private async round(side: SeatSide, contenders: number, capacity: number, atMost?: number): Promise<Contest> {
    const seekers = (await this.stage.reset(capacity)).slice(0, atMost);
    const durationMs = atMost === undefined ? this.plan.roundMs : Number.POSITIVE_INFINITY;
    const contest = await runContest({ side, seekers, contenders, durationMs, databasePid: this.databasePid });
    const { taken, enrolled, answers, mails } = await this.stage.truth();
    this.broken += Math.max(0, enrolled - capacity, taken - capacity);
    const asked = contest.granted + contest.refused;
    // What changed nothing need not be kept.
    const isKept = contest.granted <= answers && answers <= asked;
    if (taken !== enrolled || enrolled !== contest.granted || mails !== enrolled || !isKept) {
      const found = JSON.stringify({ taken, enrolled, mails, answers, asked, granted: contest.granted });
      throw new Error(`${side.name} answered otherwise than it wrote: ${found}`);
    }
    return contest;
  }
}

function unsound({ name }: SeatSide, { refused, failed, failure }: Contest): Error {
  return new Error(`${name} refused ${refused} and failed ${failed} requests that it had to grant`, { cause: failure });
}

function notesOf({ repeats, roundMs }: Plan, [ledger, peer]: string[]): string[] {
  return [
    `medians of ${repeats} rounds of ${roundMs} ms each, in turn; least and most in brackets`,
    'clients: promises in the same process on both sides, each asks again as soon as it is answered; no HTTP, no tokens',
    `ledger session: ${ledger}`,
    `peer session: ${peer}`,
  ];
}

/** What decides how durable a COMMIT of the session is, as the server names it. */
const VARIABLES = [
  'version',
  'innodb_flush_log_at_trx_commit',
  'innodb_flush_method',
  'innodb_doublewrite',
  'log_bin',
  'sync_binlog',
  'transaction_isolation',
  'tx_isolation',
  'autocommit',
  'innodb_lock_wait_timeout',
];

/** The durability variables of a session, for people. */
async function durability(
  query: (sql: string) => Promise<{ Variable_name: string; Value: string }[]>,
): Promise<string> {
  const names = VARIABLES.map((name) => `'${name}'`).join(', ');
  const rows = await query(`SHOW SESSION VARIABLES WHERE Variable_name IN (${names})`);
  return rows.map((row) => `${row.Variable_name}=${row.Value}`).join(' ');
}
