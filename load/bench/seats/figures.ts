import type { BenchReport } from '../bench';
import { rounded, type Spread, spreadOf, spreadText } from '../spread';
import type { Contest, SideName } from './contest';

/** Of the latencies that count. */
export const LATENCY_CONTENDERS = 200;

/** A machine that others keep busier than this share of all its cores shows what is left over, not what either side can. */
const MOST_OF_OTHERS = 0.15;

export interface Round {
  /** From 1. */
  repeat: number;
  contenders: number;
  side: SideName;
  contest: Contest;
}

/**
 * Ratios are taken within one repeat, whose rounds follow each other closely, and then their median: a machine that is
 * slow for a while is slow for both.
 */
export function figuresOf(rounds: readonly Round[], oversold: number): Record<string, number> {
  const best = (side: SideName) => (some: readonly Round[]) =>
    Math.max(...some.filter((round) => round.side === side).map(rate));
  const [ledger, peer] = [best('ledger'), best('peer')];
  const perContenders = contendersIn(rounds).map((contenders) => {
    const some = rounds.filter((round) => round.contenders === contenders);
    const ratio = perRepeat(some, (pair) => ledger(pair) / peer(pair));
    return [`commitRatioAt${contenders}`, rounded(ratio.median)];
  });
  const slow = rounds.filter(({ contenders }) => contenders === LATENCY_CONTENDERS);
  const p99 = (side: SideName) => (some: readonly Round[]) =>
    some.find((round) => round.side === side)?.contest.latency.p99 ?? Number.NaN;
  const [ledgerP99, peerP99] = [p99('ledger'), p99('peer')];
  const ratio = perRepeat(rounds, (some) => ledger(some) / peer(some));
  return {
    commitRatio: rounded(ratio.median),
    commitRatioLeast: rounded(ratio.least),
    commitRatioMost: rounded(ratio.most),
    ...(Object.fromEntries(perContenders) as Record<string, number>),
    p99Ratio: rounded(perRepeat(slow, (pair) => ledgerP99(pair) / peerP99(pair)).median),
    oversold,
    ledgerPerSecond: rounded(perRepeat(rounds, ledger).median),
    peerPerSecond: rounded(perRepeat(rounds, peer).median),
    ledgerP99Ms: rounded(perRepeat(slow, ledgerP99).median),
    peerP99Ms: rounded(perRepeat(slow, peerP99).median),
  };
}

export const TARGETS: BenchReport['targets'] = [
  {
    figure: 'commitRatio',
    what: 'commits per second, ledger / peer, each at its best number of contenders',
    limit: 25,
    sense: 'at least',
  },
  { figure: 'p99Ratio', what: `p99 at ${LATENCY_CONTENDERS} contenders, ledger / peer`, limit: 0.1, sense: 'at most' },
  { figure: 'oversold', what: 'seats sold beyond the capacity', limit: 0, sense: 'at most' },
];

/** Why the figures prove nothing, if they do not. @param others share of all cores that other processes used, 0 to 1 */
export function invalidity({ peerPerSecond = 0 }: Record<string, number>, others: number): string | undefined {
  if (peerPerSecond <= 0) return 'the peer made no commits';
  if (others <= MOST_OF_OTHERS) return undefined;
  return `other processes used ${Math.round(others * 100)} % of the machine's CPU`;
}

/** A row for each side at each number of contenders. */
export function rowsOf(rounds: readonly Round[]): BenchReport['rows'] {
  return contendersIn(rounds).flatMap((contenders) =>
    (['ledger', 'peer'] as const).map((side) => {
      const contests = rounds
        .filter((round) => round.contenders === contenders && round.side === side)
        .map(({ contest }) => contest);
      const spread = (value: (contest: Contest) => number): Spread => spreadOf(contests.map(value));
      const text = (value: (contest: Contest) => number, digits = 0): string => spreadText(spread(value), digits);
      return {
        contenders,
        side,
        'commits/s': text(({ grantedPerSecond }) => grantedPerSecond),
        'p50 ms': text(({ latency }) => latency.p50, 1),
        'p99 ms': text(({ latency }) => latency.p99, 1),
        'process µs/commit': text(({ cpu }) => cpu.process),
        'database µs/commit': text(({ cpu }) => cpu.database),
      };
    }),
  );
}

const rate = ({ contest }: Round): number => contest.grantedPerSecond;

const contendersIn = (rounds: readonly Round[]): number[] => [...new Set(rounds.map(({ contenders }) => contenders))];

function perRepeat(rounds: readonly Round[], value: (some: readonly Round[]) => number): Spread {
  const repeats = [...new Set(rounds.map(({ repeat }) => repeat))];
  return spreadOf(repeats.map((repeat) => value(rounds.filter((round) => round.repeat === repeat))));
}
