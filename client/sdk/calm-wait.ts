import type { Range } from './estimate';

/** A wait as people say it; `from` = 0: up to so much. Whole minutes, and beyond two hours half hours. */
export interface SaidWait {
  unit: 'minutes' | 'hours';
  from: number;
  to: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** What is shown follows the estimate like this: two thirds of a change within so much time, ms. Good news come faster. */
const RISES_IN_MS = 15_000;
const FALLS_IN_MS = 5_000;
/** A shorter wait is told as it is: the turn is near. */
const NEAR_MS = MINUTE_MS;
/** From here on people count in hours, ms. */
const LONG_MS = 2 * HOUR_MS;
/** Minutes as they are said; what lies between is rounded away from the middle. */
const STEPS = [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 90, 105, 120];
/** A step that was said holds although the estimate lies a little beyond it. */
const HOLDS = 0.08;

const last = (steps: number[]): number => steps[steps.length - 1] ?? 0;
const minuteBelow = (minutes: number): number => last(STEPS.filter((step) => step <= minutes));
const minuteAbove = (minutes: number): number => STEPS.find((step) => step >= minutes) ?? last(STEPS);

/** The step that was said before, while it is still true enough; else the one for the value. */
function held(value: number, before: number | undefined, round: (value: number) => number): number {
  const now = round(value);
  if (before === undefined || before === now) return now;
  const nearby = [round(value * (1 - HOLDS)), round(value * (1 + HOLDS))];
  return nearby.includes(before) ? before : now;
}

/** The wait in whole steps, the least rounded down and the most rounded up. */
export function saidWait({ least, most }: Range, before?: SaidWait): SaidWait {
  const unit = most > LONG_MS ? 'hours' : 'minutes';
  const same = before?.unit === unit ? before : undefined;
  if (unit === 'hours') {
    const from = held(least / HOUR_MS, same?.from, (hours) => Math.floor(hours * 2) / 2);
    return { unit, from, to: held(most / HOUR_MS, same?.to, (hours) => Math.ceil(hours * 2) / 2) };
  }
  const from = held(least / MINUTE_MS, same?.from, minuteBelow);
  return { unit, from, to: held(most / MINUTE_MS, same?.to, minuteAbove) };
}

/** Turns estimates that come each second into words that change seldom and by little. */
export class CalmWait {
  private shown?: Range;
  private said?: SaidWait;
  private at = 0;
  private basis = '';

  /**
   * @param now ms, by whichever clock, always the same one
   * @param basis what the estimate is made of; one that is made of something else is told as it is
   */
  next(estimate: Range | undefined, now: number, basis = ''): SaidWait | undefined {
    if (basis !== this.basis) this.shown = this.said = undefined;
    this.basis = basis;
    const passed = Math.max(0, now - this.at);
    this.at = now;
    if (!estimate) {
      this.shown = undefined;
      this.said = undefined;
      return undefined;
    }
    this.shown = this.shown && estimate.most > NEAR_MS ? between(this.shown, estimate, passed) : estimate;
    this.said = saidWait(this.shown, this.said);
    return this.said;
  }
}

function between(shown: Range, estimate: Range, passedMs: number): Range {
  const towards = (from: number, to: number): number =>
    from + (to - from) * (1 - Math.exp(-passedMs / (to > from ? RISES_IN_MS : FALLS_IN_MS)));
  return { least: towards(shown.least, estimate.least), most: towards(shown.most, estimate.most) };
}
