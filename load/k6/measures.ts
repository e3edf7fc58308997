import { Counter, Rate, Trend } from 'k6/metrics';
import { SETTINGS } from './settings.ts';

const STEPS = ['signed_in', 'connected', 'joined', 'admitted', 'committed', 'finished'] as const;
export type Step = (typeof STEPS)[number];

const steps = Object.fromEntries(STEPS.map((step) => [step, new Counter(`sunbeon_${step}`)])) as Record<Step, Counter>;

/** How long each of these took, ms. `admissionMs`: from the server's word to the student. */
const durations = {
  signInMs: new Trend('sunbeon_sign_in_ms', true),
  connectMs: new Trend('sunbeon_connect_ms', true),
  joinMs: new Trend('sunbeon_join_ms', true),
  admissionMs: new Trend('sunbeon_admission_ms', true),
  waitMs: new Trend('sunbeon_wait_ms', true),
  commitMs: new Trend('sunbeon_commit_ms', true),
};
export type Duration = keyof typeof durations;

const positions = new Counter('sunbeon_positions');
const positionRose = new Rate('sunbeon_position_rose');
const wrongNumbers = new Counter('sunbeon_wrong_numbers');
const lost = new Counter('sunbeon_lost');
const outcomes = new Counter('sunbeon_section_outcomes');
const reconnects = new Counter('sunbeon_reconnects');
const retries = new Counter('sunbeon_retries');

export const measures = {
  reached: (step: Step): void => steps[step].add(1),
  took: (duration: Duration, startedAt: number): void => durations[duration].add(Date.now() - startedAt),
  tookMs: (duration: Duration, ms: number): void => durations[duration].add(ms),
  /** Of one student. */
  positionsShown: (shown: number, rose: number): void => {
    for (let index = 0; index < shown; index += 1) positionRose.add(index < rose);
  },
  wrongNumber: (problem: string): void => {
    wrongNumbers.add(1);
    console.warn(problem);
  },
  positionMessage: (): void => positions.add(1),
  outcome: (outcome: string): void => outcomes.add(1, { outcome }),
  retried: (code: string): void => retries.add(1, { code }),
  reconnected: (): void => reconnects.add(1),
  /** A student who did not come to the end, and why. */
  lost: (reason: string): void => {
    lost.add(1, { reason });
    console.warn(`a student was lost: ${reason}`);
  },
};

/** k6 passes a threshold over a measure that never got a sample; so every count gets one of nought. */
export function countFromZero(): void {
  for (const counter of [...Object.values(steps), positions, outcomes, reconnects, retries, wrongNumbers, lost])
    counter.add(0);
}

/** Every limit stands beside a count, so that a run in which too little happened fails, too. */
export function thresholds(): Record<string, string[]> {
  const { students, limitsMs } = SETTINGS;
  const everybody = STEPS.map((step): [string, string[]] => [`sunbeon_${step}`, [`count>=${students}`]]);
  return {
    ...Object.fromEntries(everybody),
    sunbeon_lost: ['count==0'],
    sunbeon_positions: [`count>=${SETTINGS.positions}`],
    sunbeon_position_rose: ['rate==0'],
    sunbeon_wrong_numbers: ['count==0'],
    sunbeon_section_outcomes: [`count>=${students}`],
    sunbeon_sign_in_ms: [`p(95)<${limitsMs.signIn}`],
    sunbeon_connect_ms: [`p(95)<${limitsMs.connect}`],
    sunbeon_join_ms: [`p(95)<${limitsMs.join}`],
    sunbeon_admission_ms: [`p(95)<${limitsMs.admission}`],
    sunbeon_commit_ms: [`p(95)<${limitsMs.commit}`],
  };
}
