import type { StudentPlan } from '../student/plan';
import type { Student } from '../student/student';
import { Swarm } from '../student/swarm';
import type { Pace, SwarmContext } from '../student/swarm-context';
import type { Patience } from './patience';

export interface SwarmOptions extends Omit<SwarmContext, 'agenda' | 'pace' | 'podUrls' | 'positionAges'> {
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
  swarm: Swarm;
  /** When the first could come, by the clock of the swarm, ms. */
  startedAt: number;
  /** Everybody ended before the time was over. */
  completed: boolean;
  durationMs: number;
  /** CPU time of this process per time passed: near 1 the figures are those of the generator, not of the service. */
  generatorCpu: number;
}

const SECOND_MS = 1_000;
/** The clients are as patient as the student page. */
const PACE: Pace = { retryMs: { least: 200, most: 1_000 } };

/**
 * Lets all students loose at once and waits until the last one is done. No timer and no socket is left, however it ends.
 *
 * @throws what `signal` was aborted with, or `onDone` failed with
 */
export async function runSwarm(options: SwarmOptions): Promise<SwarmResult> {
  const { plans, patience, onProgress, onDone, signal, ...context } = options;
  signal.throwIfAborted();
  const swarm = new Swarm(plans, { ...context, pace: PACE });
  const startedAt = context.now();
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  let watch: NodeJS.Timeout | undefined;
  try {
    swarm.start();
    const completed = await new Promise<boolean>((resolve, reject) => {
      void swarm.ended.then(() => resolve(true));
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      watch = setInterval(() => {
        const elapsedMs = performance.now() - began;
        const progress = progressOf(swarm.students, elapsedMs);
        onProgress(progress);
        if (patience.isOver(elapsedMs, movement(progress, swarm))) resolve(false);
      }, SECOND_MS);
    });
    clearInterval(watch);
    const durationMs = performance.now() - began;
    const { user, system } = process.cpuUsage(cpuBefore);
    await onDone(swarm.students);
    return { swarm, startedAt, completed, durationMs, generatorCpu: (user + system) / 1_000 / durationMs };
  } finally {
    clearInterval(watch);
    swarm.stop();
  }
}

/** Changes whenever anybody got on: came, moved up, went in, was answered, finished. */
function movement({ seconds: _, ...counts }: Progress, { positionAges }: Swarm): string {
  return [...Object.values(counts), positionAges.length].join(' ');
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
