import type { RoundResult } from './round';
import type { ChaosResult } from './run';

/** What a run ends with; `--json` prints it as it is. */
export interface ChaosReport {
  name: 'chaos';
  /** Every round was run, and none broke a promise. */
  pass: boolean;
  seed: string;
  figures: {
    rounds: number;
    /** Rounds whose fault did not bite: they prove nothing and do not count. */
    void: number;
    /** Rounds in which a promise was broken. */
    failed: number;
    byFault: Record<string, { rounds: number; void: number; failed: number }>;
    students: number;
    enrolled: number;
    violations: { round: number; fault: string; seed: string; promise: string; count: number; examples: string[] }[];
    longestGapMs: number;
    longestWaitMs: number;
  };
  problem?: string;
}

const WIDTHS = { index: 4, fault: 18, seed: 14, bit: 5, count: 9, time: 9 } as const;

export const tableHead = (): string =>
  row(['', 'fault', 'seed', 'bit', 'students', 'let in', 'enrolled', 'gone, s', 'wait, s', 'took, s', '']);

/** One round for people: the longest time without a place and without an answer that any student saw, in seconds. */
export function roundText(result: RoundResult): string {
  const { index, fault, seed, evidence, students, admitted, enrolled, longestGapMs, longestWaitMs, broken } = result;
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  const verdict = broken.length > 0 ? 'BROKEN' : evidence.bit ? 'kept' : 'void';
  const cells = [String(index), fault, seed, evidence.bit ? 'yes' : 'no', String(students), String(admitted)];
  const times = [String(enrolled), seconds(longestGapMs), seconds(longestWaitMs), seconds(result.durationMs)];
  const details: string[] = broken.flatMap(({ promise, count, examples }) => [
    `     ${promise}: broken ${count} times`,
    ...examples.map((text) => `       ${text}`),
  ]);
  if (result.keptIn) details.push(`     all of it: ${result.keptIn}`);
  return [`${row([...cells, ...times, verdict])}  (${evidence.text})`, ...details].join('\n');
}

function row(cells: string[]): string {
  const { index, fault, seed, bit, count, time } = WIDTHS;
  const widths = [index, fault, seed, bit, count, count, count, time, time, time];
  const isText = (column: number): boolean => column === 1 || column === 2;
  return cells
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      return isText(column) ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(' ');
}

export function reportOf(seed: string, { rounds, problem }: ChaosResult): ChaosReport {
  const byFault: ChaosReport['figures']['byFault'] = {};
  for (const { fault, evidence, broken } of rounds) {
    const counts = (byFault[fault] ??= { rounds: 0, void: 0, failed: 0 });
    counts.rounds += 1;
    if (broken.length > 0) counts.failed += 1;
    else if (!evidence.bit) counts.void += 1;
  }
  const sum = (of: (result: RoundResult) => number): number => rounds.reduce((total, one) => total + of(one), 0);
  const most = (of: (result: RoundResult) => number): number =>
    rounds.reduce((high, one) => Math.max(high, of(one)), 0);
  const failed = rounds.filter(({ broken }) => broken.length > 0).length;
  return {
    name: 'chaos',
    pass: failed === 0 && problem === undefined && rounds.length > 0,
    seed,
    figures: {
      rounds: rounds.length,
      void: rounds.filter(({ evidence, broken }) => !evidence.bit && broken.length === 0).length,
      failed,
      byFault,
      students: sum(({ students }) => students),
      enrolled: sum(({ enrolled }) => enrolled),
      violations: rounds.flatMap(({ index, fault, seed: roundSeed, broken }) =>
        broken.map((one) => ({ round: index, fault, seed: roundSeed, ...one })),
      ),
      longestGapMs: most(({ longestGapMs }) => longestGapMs),
      longestWaitMs: most(({ longestWaitMs }) => longestWaitMs),
    },
    problem,
  };
}

export function summaryText({ pass, seed, figures, problem }: ChaosReport): string {
  const { rounds, void: voids, failed } = figures;
  const lines = ['', `  seed ${seed}: ${rounds} rounds, ${voids} void, ${failed} broke a promise`];
  for (const { fault, seed: failing } of figures.violations) {
    const again = `  again: npm run chaos -- --seed ${failing} --rounds 1 --only ${fault}`;
    if (!lines.includes(again)) lines.push(again);
  }
  if (problem) lines.push(`  It ended early: ${problem}`);
  return [...lines, `  ${pass ? 'Every promise was kept.' : 'FAILED'}`, ''].join('\n');
}
