import { type Percentiles, percentiles } from '../../../load/support/percentiles';
import type { BrokenPromise, PromiseName } from '../../../load/judge/judge';
import type { RunRecord } from '../../../load/judge/record';
import { enrolledIn } from '../round';
import type { DemonstrationOptions } from './options';

/** One pod killed and one rolled at the same time. */
export interface Strike {
  killed: number;
  rolled: number;
  /** Connections that were lost to either. */
  cut: number;
  /** From SIGTERM to the end of the rolled pod, ms. */
  drainMs: number;
  /** Until both were back, ms. */
  tookMs: number;
}

export interface DemonstrationReport {
  name: 'demonstration';
  pass: boolean;
  seed: string;
  figures: {
    students: number;
    pods: number;
    /** Pods that were killed, and as many that were rolled. */
    strikes: number;
    lostPlaces: number;
    overtakes: number;
    /** Everything that a student was refused, or thrown out of, but for a reconnect. */
    errors: number;
    connectionsMoved: number;
    /** Returns that the service put off for a moment: part of a reconnect. */
    joinsAskedAgain: number;
    /** Times without a place on any socket, ms. */
    reconnect: Percentiles;
    /** From SIGTERM to the end of a pod, ms. */
    drain: Percentiles;
    enrolled: number;
    broken: BrokenPromise[];
  };
  keptIn?: string;
}

/** What still is a short reconnect, ms: a quarter of the time for which the service keeps a place. */
const LONGEST_RECONNECT_MS = 15_000;

const LOST: readonly PromiseName[] = ['lostStudents', 'wrongNumbers', 'unknownPlaces'];
const OVERTAKEN: readonly PromiseName[] = ['overtakes', 'unfairTrail'];
const ERRORS: readonly PromiseName[] = ['unexpectedRefusals', 'thrownOut'];

export function demonstrationReport(input: {
  options: DemonstrationOptions;
  completed: boolean;
  strikes: readonly Strike[];
  record: RunRecord;
  broken: BrokenPromise[];
  keptIn?: string;
}): DemonstrationReport {
  const { options, completed, strikes, record, broken, keptIn } = input;
  const count = (promises: readonly PromiseName[]): number =>
    broken.filter(({ name }) => promises.includes(name)).reduce((sum, one) => sum + one.count, 0);
  const reconnect = percentiles(record.students.flatMap(({ gaps }) => gaps));
  const isShort = reconnect.most <= LONGEST_RECONNECT_MS;
  return {
    name: 'demonstration',
    pass: completed && broken.length === 0 && strikes.length > 0 && isShort,
    seed: options.seed,
    figures: {
      students: options.students,
      pods: options.pods,
      strikes: strikes.length,
      lostPlaces: count(LOST),
      overtakes: count(OVERTAKEN),
      errors: count(ERRORS),
      connectionsMoved: record.students.reduce((sum, { cuts }) => sum + cuts.length, 0),
      joinsAskedAgain: record.students.flatMap(({ refusals }) => refusals.filter(({ event }) => event === 'line:join'))
        .length,
      reconnect,
      drain: percentiles(strikes.map(({ drainMs }) => drainMs)),
      enrolled: enrolledIn(record),
      broken,
    },
    keptIn,
  };
}

export function demonstrationText({ pass, seed, figures, keptIn }: DemonstrationReport): string {
  const line = (label: string, text: string | number): string => `  ${label.padEnd(46)}${text}`;
  const times = ({ p50, p95, p99, most }: Percentiles): string =>
    [p50, p95, p99, most].map((ms) => (ms / 1_000).toFixed(1)).join(' / ');
  return [
    '',
    line(`seed ${seed}`, `${figures.students} students, ${figures.pods} pods`),
    line('pods killed, pods rolled', `${figures.strikes}, ${figures.strikes}`),
    line('connections that had to move', figures.connectionsMoved),
    line('lost places', figures.lostPlaces),
    line('overtakes', figures.overtakes),
    line('errors that a student saw', figures.errors),
    line('returns put off for a moment', figures.joinsAskedAgain),
    line('reconnected within, s (p50 / p95 / p99 / most)', times(figures.reconnect)),
    line('pods drained within, s (p50 / p95 / p99 / most)', times(figures.drain)),
    line('enrolled', figures.enrolled),
    ...figures.broken.flatMap(({ promise, count, examples }) => [
      `  ${promise}: broken ${count} times`,
      ...examples.map((text) => `    ${text}`),
    ]),
    ...(keptIn ? [`  all of it: ${keptIn}`] : []),
    `  ${pass ? 'Every promise was kept.' : 'FAILED'}`,
    '',
  ].join('\n');
}
