/** How long students stay inside, ms: no less than `least` and no more than `most` on average, as far as is known. */
export interface StayEstimate {
  least: number;
  most: number;
}

/** So many of those inside are followed; of a room that holds more, every second, third, … student is. */
const FOLLOWED_INSIDE = 128;
/** So many of the latest admissions are counted, also those that have ended: some three stays of a full room. */
const COHORT = 400;
/**
 * So many students of whom nothing is known count beside those who were seen: a few who were quick, or slow, do not speak for
 * all that come (the Jeffreys prior's half a case).
 */
const UNKNOWN = 0.5;

interface Stay {
  at: number;
  endedAt?: number;
}

/**
 * Measures how long students stay inside, from the admissions that one pod has seen. Those who are still there count as
 * well, by the time that they have been (Kaplan and Meier 1958): the first to finish are the quick ones, and alone they
 * would make the line look too fast. Pure: takes the store's time (ms) as a parameter.
 */
export class StayCohort {
  /** In the order of admission. */
  private readonly stays = new Map<number, Stay>();

  admitted(number: number, at: number, capacity: number): void {
    if (number % Math.max(1, Math.ceil(capacity / FOLLOWED_INSIDE)) !== 0) return;
    this.stays.set(number, { at });
    if (this.stays.size <= COHORT) return;
    const [oldest] = this.stays.keys();
    if (oldest !== undefined) this.stays.delete(oldest);
  }

  ended(number: number, at: number): void {
    const stay = this.stays.get(number);
    if (stay) stay.endedAt = at;
  }

  /** `most`: if everybody of whom nothing is known yet stayed for the whole lease; `least`: if they left at once. */
  estimate(now: number, leaseMs: number): StayEstimate {
    const stays = [...this.stays.values()]
      .map(({ at, endedAt }) => ({ ms: Math.max(0, (endedAt ?? now) - at), ended: endedAt !== undefined }))
      .sort((a, b) => a.ms - b.ms || Number(b.ended) - Number(a.ended));
    let share = 1;
    let before = 0;
    let least = 0;
    for (const [index, { ms, ended }] of stays.entries()) {
      least += share * (ms - before);
      before = ms;
      if (ended) share *= 1 - 1 / (stays.length - index);
    }
    const most = least + share * Math.max(0, leaseMs - before);
    const known = stays.length / (stays.length + UNKNOWN);
    return { least: least * known, most: most * known + leaseMs * (1 - known) };
  }

  /** How long those who are inside have been there on average, ms; 0 when nobody is known to be. */
  age(now: number): number {
    const ages = [...this.stays.values()].flatMap(({ at, endedAt }) => (endedAt === undefined ? [now - at] : []));
    return ages.length === 0 ? 0 : Math.max(0, ages.reduce((sum, age) => sum + age, 0) / ages.length);
  }
}
