import { MysqlDatabase } from '../../../src/database/mysql-database';
import { commit } from '../../../test/integration/registration/support';
import { type DatabaseService, startMariaDb } from '../../../test/support/mariadb';
import type { Bench, BenchOptions, BenchReport } from '../bench';
import { TransactionPerRequest } from '../peers/transaction-per-request';
import { rounded, type Spread, spreadOf, spreadText } from '../spread';
import { type Contest, runContest, type SeatSide } from './contest';
import { durability } from './durability';
import { ours } from './ours';
import { HOT_SECTION, Stage, STAGE_ENTITIES } from './stage';

/** Of the p99, and of one of the throughputs. */
const LATENCY_CONTENDERS = 200;

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

/** FIELD: what a transaction of TypeORM per request came to elsewhere, per second; a peer far below it is no peer. */
const PEER_ELSEWHERE_PER_SECOND = 815;
const PEER_LEAST_SHARE = 0.5;

/** The redo log is large enough that neither side pays for the other's checkpoints. */
const SERVER_ARGS = ['--innodb-log-file-size=512M', '--innodb-buffer-pool-size=512M'];

interface Round {
  contenders: number;
  side: string;
  contest: Contest;
}

export const seatsBench: Bench = {
  name: 'seats',
  summary: 'durable seat commits on one hot section: the ledger / one TypeORM transaction per request',
  run: async (options) => {
    const server = await startMariaDb({ own: true, args: SERVER_ARGS });
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
    const settings = await Promise.all([
      database.read((manager) => durability((sql) => manager.query(sql))),
      durability((sql) => peer.query(sql)),
    ]);
    const rounds = await bench.contests();
    const oversold = await bench.scarce();
    return report(plan, rounds, bench.broken + oversold, settings);
  } finally {
    for (const side of sides) await side.close();
    await database.close();
  }
}

function theirs(peer: TransactionPerRequest): SeatSide {
  return {
    name: 'peer',
    take: async ({ studentId, admission, key }) => {
      const [outcome] = await peer.commit(commit(studentId, [HOT_SECTION], { admission, idempotencyKey: key }));
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
          rounds.push({ contenders, side: side.name, contest });
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
    if (taken !== enrolled || enrolled !== contest.granted || mails !== enrolled || answers !== asked) {
      const found = JSON.stringify({ taken, enrolled, mails, answers, asked, granted: contest.granted });
      throw new Error(`${side.name} answered otherwise than it wrote: ${found}`);
    }
    return contest;
  }
}

function unsound({ name }: SeatSide, { refused, failed, failure }: Contest): Error {
  return new Error(`${name} refused ${refused} and failed ${failed} requests that it had to grant`, { cause: failure });
}

function report(plan: Plan, rounds: Round[], oversold: number, settings: string[]): BenchReport {
  const spread = (side: string, contenders: number, value: (contest: Contest) => number): Spread =>
    spreadOf(
      rounds
        .filter((round) => round.side === side && round.contenders === contenders)
        .map(({ contest }) => value(contest)),
    );
  const rate = ({ grantedPerSecond }: Contest): number => grantedPerSecond;
  const p99 = ({ latency }: Contest): number => latency.p99;
  const ratios = plan.contenders.map((contenders) => ({
    contenders,
    ratio: spread('ledger', contenders, rate).median / spread('peer', contenders, rate).median,
  }));
  const best = Math.max(...plan.contenders.map((contenders) => spread('peer', contenders, rate).median));
  const oursP99 = spread('ledger', LATENCY_CONTENDERS, p99).median;
  const theirsP99 = spread('peer', LATENCY_CONTENDERS, p99).median;
  const figures: Record<string, number> = {
    commitRatio: rounded(Math.max(...plan.contenders.map((c) => spread('ledger', c, rate).median)) / best),
    ...Object.fromEntries(ratios.map(({ contenders, ratio }) => [`commitRatioAt${contenders}`, rounded(ratio)])),
    p99RatioAt200: rounded(oursP99 / theirsP99),
    oversold,
    peerPerSecond: rounded(best),
    ledgerPerSecond: rounded(Math.max(...plan.contenders.map((c) => spread('ledger', c, rate).median))),
    peerP99At200Ms: rounded(theirsP99),
    ledgerP99At200Ms: rounded(oursP99),
  };
  const rows = plan.contenders.flatMap((contenders) =>
    ['ledger', 'peer'].map((side) => ({
      contenders,
      side,
      'commits/s': spreadText(spread(side, contenders, rate)),
      'p50 ms': spreadText(
        spread(side, contenders, ({ latency }) => latency.p50),
        1,
      ),
      'p99 ms': spreadText(spread(side, contenders, p99), 1),
      'process µs/commit': spreadText(spread(side, contenders, ({ cpu }) => cpu.process)),
      'database µs/commit': spreadText(spread(side, contenders, ({ cpu }) => cpu.database)),
    })),
  );
  const tooSlow = best < PEER_ELSEWHERE_PER_SECOND * PEER_LEAST_SHARE;
  return {
    figures,
    rows,
    targets: [
      {
        figure: 'commitRatio',
        what: 'commits per second, ledger / peer, each at its best',
        limit: 20,
        sense: 'at least',
      },
      { figure: 'p99RatioAt200', what: 'p99 at 200 contenders, ledger / peer', limit: 0.2, sense: 'at most' },
      { figure: 'oversold', what: 'seats sold beyond the capacity', limit: 0, sense: 'at most' },
    ],
    notes: [
      `medians of ${plan.repeats} rounds of ${plan.roundMs} ms each, in turn; least and most in brackets`,
      'clients: promises in the same process on both sides, each asks again as soon as it is answered; no HTTP, no tokens',
      `ledger session: ${settings[0]}`,
      `peer session: ${settings[1]}`,
    ],
    ...(tooSlow && {
      invalid: `the peer made ${best.toFixed(0)} commits/s; elsewhere it made ${PEER_ELSEWHERE_PER_SECOND}`,
    }),
  };
}
