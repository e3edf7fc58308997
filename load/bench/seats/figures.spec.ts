import { isMet } from '../bench';
import type { Contest } from './contest';
import { figuresOf, invalidity, type Round, rowsOf, TARGETS } from './figures';

const contest = (grantedPerSecond: number, p99: number): Contest => ({
  granted: 1,
  refused: 0,
  failed: 0,
  grantedPerSecond,
  latency: { p50: 1, p99 },
  cpu: { process: 10, database: 20 },
});

const round = (repeat: number, contenders: number, ledger: Contest, peer: Contest): Round[] => [
  { repeat, contenders, side: 'ledger', contest: ledger },
  { repeat, contenders, side: 'peer', contest: peer },
];

/** The second repeat is taken while the machine is half as fast. */
const ROUNDS = [
  ...round(1, 200, contest(20_000, 20), contest(1_000, 200)),
  ...round(1, 1_000, contest(24_000, 80), contest(900, 1_100)),
  ...round(2, 200, contest(10_000, 40), contest(500, 400)),
  ...round(2, 1_000, contest(12_000, 160), contest(450, 2_200)),
];

const failed = (figures: Record<string, number>): string[] =>
  TARGETS.filter((target) => !isMet(target, figures)).map(({ figure }) => figure);

describe('the figures of the seats bench', () => {
  it('compare each side at its best, within a repeat', () => {
    expect(figuresOf(ROUNDS, 0)).toEqual({
      ...{ commitRatio: 24, commitRatioLeast: 24, commitRatioMost: 24 },
      ...{ commitRatioAt200: 20, commitRatioAt1000: 26.7, p99Ratio: 0.1, oversold: 0 },
      ...{ ledgerPerSecond: 18_000, peerPerSecond: 750, ledgerP99Ms: 30, peerP99Ms: 300 },
    });
  });

  it('miss every target that is missed', () => {
    const good = round(1, 200, contest(26_000, 20), contest(1_000, 200));
    expect(failed(figuresOf(good, 0))).toEqual([]);
    expect(failed(figuresOf(good, 1))).toEqual(['oversold']);
    expect(failed(figuresOf(round(1, 200, contest(19_000, 50), contest(1_000, 200)), 0))).toEqual([
      'commitRatio',
      'p99Ratio',
    ]);
    expect(failed({})).toEqual(['commitRatio', 'p99Ratio', 'oversold']);
  });

  it('prove nothing on a machine that others keep busy, or without a peer, however slow the machine is', () => {
    expect(invalidity({ peerPerSecond: 800 }, 0.02)).toBeUndefined();
    expect(invalidity({ peerPerSecond: 90 }, 0.02)).toBeUndefined();
    expect(invalidity({ peerPerSecond: 800 }, 0.3)).toContain('30 %');
    expect(invalidity({}, 0)).toBeDefined();
  });

  it('are shown for each side and number of contenders', () => {
    const rows = rowsOf(ROUNDS);
    expect(rows.map(({ contenders, side }) => [contenders, side])).toEqual([
      [200, 'ledger'],
      [200, 'peer'],
      [1_000, 'ledger'],
      [1_000, 'peer'],
    ]);
    expect(rows[0]).toMatchObject({ 'commits/s': '15000 (10000–20000)', 'p99 ms': '30.0 (20.0–40.0)' });
  });
});
