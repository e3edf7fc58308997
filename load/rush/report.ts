import type { Percentiles } from '../support/percentiles';
import { type PromiseName, promiseText } from '../judge/judge';
import type { Progress } from './run-swarm';
import type { Verdict } from './verdict';

/** What a rush ends with; `--json` prints it as it is. */
export interface RushReport extends Verdict {
  name: 'rush';
  /** Every promise was kept and everybody was done in time. */
  pass: boolean;
  completed: boolean;
  seed: string;
  students: number;
  /** Where the outcome was read. */
  truth: 'sqlite' | 'mysql' | 'api';
  /** Connections that were not taken at once; the students came back by themselves. */
  turnedAway: number;
  reconnects: number;
  reloads: number;
  secondTabs: number;
  /** ms. */
  latency: {
    /** From the moment a student meant to come until the place was told. */
    join: Percentiles;
    /** How old a position was when it arrived. */
    positionAge: Percentiles;
    /** From a commit to its answer. */
    commit: Percentiles;
    /** From a drop, a swap, or joining or leaving a waitlist, to its answer. */
    change: Percentiles;
  };
  durationSeconds: number;
  /** CPU time of this process per time passed; above 0.8 the latencies are rather the generator's. */
  generatorCpu: number;
}

const count = (value: number): string => value.toLocaleString('en-US');

const line = (label: string, text: string): string => `  ${label.padEnd(38)}${text}`;

/** The summary for people. */
export function reportText(report: RushReport): string {
  const { latency, refused, problems } = report;
  const reasons = Object.entries(refused).map(([reason, times]) => `${reason} ${count(times)}`);
  return [
    '',
    `  The rush, seed ${report.seed}: ${report.durationSeconds} s, outcome read from ${report.truth}`,
    '',
    line('students', count(report.students)),
    line('joined, admitted, finished', [report.joined, report.admitted, report.finished].map(count).join(', ')),
    line(
      'reconnects, reloads, second tabs',
      [report.reconnects, report.reloads, report.secondTabs].map(count).join(', '),
    ),
    line('connections turned away', count(report.turnedAway)),
    line('seats wished, expected, enrolled', [report.wished, report.expected, report.enrolled].map(count).join(', ')),
    ...changeLines(report),
    line('refused', reasons.join(', ') || 'none'),
    '',
    line('', '     p50       p95       p99      most   samples'),
    line('join, ms', percentilesText(latency.join)),
    line('age of positions, ms', percentilesText(latency.positionAge)),
    line('commit, ms', percentilesText(latency.commit)),
    ...(latency.change.count > 0 ? [line('change, ms', percentilesText(latency.change))] : []),
    line('CPU of the generator', `${Math.round(report.generatorCpu * 100)} %${generatorNote(report)}`),
    '',
    ...Object.entries(problems).map(([name, times]) =>
      line(promiseText(name as PromiseName), times === 0 ? 'kept' : `BROKEN ${count(times)} times`),
    ),
    ...report.broken.flatMap(({ promise, examples }) => [
      '',
      `  ${promise}:`,
      ...examples.map((text) => `    ${text}`),
    ]),
    '',
    `  ${verdictText(report)}`,
    '',
  ].join('\n');
}

function changeLines({ changes, latency }: RushReport): string[] {
  if (latency.change.count === 0) return [];
  const { drops, swaps, refusedSwaps, waitlisted, left, promoted, stillWaiting } = changes;
  return [
    line('drops, swaps, refused swaps', [drops, swaps, refusedSwaps].map(count).join(', ')),
    line('waitlisted, left, promoted, waiting', [waitlisted, left, promoted, stillWaiting].map(count).join(', ')),
  ];
}

const percentilesText = ({ p50, p95, p99, most, count: samples }: Percentiles): string =>
  [...[p50, p95, p99, most].map((value) => value.toFixed(1)), count(samples)].map((text) => text.padStart(10)).join('');

const generatorNote = ({ generatorCpu }: RushReport): string =>
  generatorCpu > 0.8 ? ' (busy: the latencies are rather its own)' : '';

function verdictText({ pass, completed }: RushReport): string {
  if (pass) return 'Every promise was kept.';
  return completed ? 'A promise was broken.' : 'The rush did not end in time.';
}

export function progressText({ seconds, changes, ...numbers }: Progress): string {
  const shown = { ...numbers, ...(changes > 0 && { changes }) };
  const parts = Object.entries(shown).map(([label, value]) => `${label} ${count(value)}`);
  return `${String(seconds).padStart(4)} s   ${parts.join('   ')}`;
}
