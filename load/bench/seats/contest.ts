import { percentiles } from '../../support/percentiles';
import { cpuMsOf, ownCpuMs } from '../cpu';

export type SideName = 'ledger' | 'peer';

/** One side of the bench: takes a seat for a student, and answers after the commit. */
export interface SeatSide {
  name: SideName;
  /** @returns whether the seat was granted; a refusal by the rules is false, a failure throws */
  take(student: SeatSeeker): Promise<boolean>;
  close(): Promise<void>;
}

export interface SeatSeeker {
  studentId: string;
  admission: string;
  /** The request's own. */
  key: string;
}

export interface Contest {
  granted: number;
  refused: number;
  failed: number;
  /** Why the first of those failed that did. */
  failure?: unknown;
  grantedPerSecond: number;
  /** From asking to being answered, ms. */
  latency: { p50: number; p99: number };
  /** CPU per answer, µs, of this process (the ledger or the peer, and those who ask) and of the database. */
  cpu: { process: number; database: number };
}

export interface ContestOptions {
  side: SeatSide;
  /** Each asks once. */
  seekers: readonly SeatSeeker[];
  /** How many ask at the same time: as soon as one is answered, the next one asks. */
  contenders: number;
  /** When to stop asking, ms; everybody who has asked is answered. */
  durationMs: number;
  databasePid: number;
}

/** Lets students ask one side for the same section for a while, in a closed loop. */
export async function runContest(options: ContestOptions): Promise<Contest> {
  const { side, seekers, contenders, durationMs, databasePid } = options;
  const latencies: number[] = [];
  const counts = { granted: 0, refused: 0, failed: 0 };
  let failure: unknown;
  let next = 0;
  const cpuBefore = { process: ownCpuMs(), database: cpuMsOf(databasePid) };
  const start = performance.now();
  const ask = async (): Promise<void> => {
    for (let seeker = seekers[next++]; seeker; seeker = seekers[next++]) {
      const asked = performance.now();
      if (asked - start >= durationMs) return;
      try {
        counts[(await side.take(seeker)) ? 'granted' : 'refused'] += 1;
      } catch (error) {
        counts.failed += 1;
        failure ??= error;
      }
      latencies.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: contenders }, ask));
  const seconds = (performance.now() - start) / 1_000;
  const perAnswer = (ms: number): number => (ms * 1_000) / Math.max(1, latencies.length);
  const { p50, p99 } = percentiles(latencies);
  return {
    ...counts,
    failure,
    grantedPerSecond: counts.granted / seconds,
    latency: { p50, p99 },
    cpu: {
      process: perAnswer(ownCpuMs() - cpuBefore.process),
      database: perAnswer(cpuMsOf(databasePid) - cpuBefore.database),
    },
  };
}
