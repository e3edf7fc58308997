import type { Pace } from '../student/tab';
import { Agenda } from '../support/agenda';
import type { Patience } from './patience';
import { Student, type StudentPlan } from '../student/student';
import type { Samples, SwarmContext } from '../student/swarm-context';

export interface SwarmOptions extends Pick<
  SwarmContext,
  'url' | 'roomId' | 'termId' | 'runId' | 'random' | 'now' | 'staysOn' | 'thinkingMs'
> {
  plans: readonly StudentPlan[];
  /** When whoever has not finished is lost. */
  patience: Patience;
  /** Ends the swarm before its time. */
  signal: AbortSignal;
  /** Called each second. */
  onProgress: (progress: Progress) => void;
  /** Called when the last one is done or the time is over, while those who stay on are still there. */
  onDone: (students: readonly Student[]) => Promise<void>;
}

/** How many students are where. */
export interface Progress {
  seconds: number;
  coming: number;
  waiting: number;
  inside: number;
  ended: number;
  enrolled: number;
  refused: number;
  /** Answers to anything but a commit. */
  changes: number;
}

export interface SwarmResult {
  students: Student[];
  samples: Samples;
  /** Everybody ended before the time was over. */
  completed: boolean;
  durationMs: number;
  /** CPU time of this process per time passed: near 1 the figures are those of the generator, not of the service. */
  generatorCpu: number;
}

const SECOND_MS = 1_000;
const PACE: Pace = {
  patienceMs: 10_000,
  retryMs: { least: 200, most: 1_000 },
  moveOnAfterMs: 15_000,
  firstBackoffMs: 200,
  longestBackoffMs: { least: 1_000, most: 4_000 },
};

/**
 * Lets all students loose at once and waits until the last one is done. No timer and no socket is left, however it ends.
 *
 * @throws what `signal` was aborted with, or `onDone` failed with
 */
export async function runSwarm(options: SwarmOptions): Promise<SwarmResult> {
  const { plans, patience, onProgress, onDone, signal, ...shared } = options;
  signal.throwIfAborted();
  const agenda = new Agenda();
  const samples: Samples = { join: [], positionAge: [], commit: [], change: [] };
  const context: SwarmContext = { ...shared, pace: PACE, agenda, samples, startedAt: shared.now() };
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  let left = plans.length;
  const students: Student[] = [];
  try {
    const completed = await new Promise<boolean>((resolve, reject) => {
      const endOne = (): void => {
        left -= 1;
        if (left === 0) resolve(true);
      };
      for (const plan of plans) {
        const student = new Student(plan, context, endOne);
        students.push(student);
        agenda.in(plan.arriveAt, () => student.arrive());
      }
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      const everySecond = (): void => {
        for (const student of students) student.checkPatience(context.now());
        const progress = progressOf(students, performance.now() - began);
        onProgress(progress);
        if (patience.isOver(performance.now() - began, movement(progress, samples))) return resolve(false);
        agenda.in(SECOND_MS, everySecond);
      };
      agenda.in(SECOND_MS, everySecond);
    });
    const durationMs = performance.now() - began;
    const { user, system } = process.cpuUsage(cpuBefore);
    await onDone(students);
    return { students, samples, completed, durationMs, generatorCpu: (user + system) / 1_000 / durationMs };
  } finally {
    agenda.stop();
    for (const student of students) student.goHome();
  }
}

/** Changes whenever anybody got on: came, moved up, went in, was answered, finished. */
function movement({ seconds: _, ...counts }: Progress, { positionAge }: Samples): string {
  return [...Object.values(counts), positionAge.length].join(' ');
}

function progressOf(students: readonly Student[], elapsedMs: number): Progress {
  const progress: Progress = {
    seconds: Math.round(elapsedMs / SECOND_MS),
    ...{ coming: 0, waiting: 0, inside: 0, ended: 0, enrolled: 0, refused: 0, changes: 0 },
  };
  for (const { state, record } of students) {
    progress[state] += 1;
    for (const { question, outcome } of record.answers) {
      if (question === 'commit' && (outcome === 'enrolled' || outcome === 'refused')) progress[outcome] += 1;
      else progress.changes += 1;
    }
  }
  return progress;
}
