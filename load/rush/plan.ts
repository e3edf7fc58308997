import type { StudentChanges } from '../student/cart';
import type { SeededRandom } from '../support/random';
import type { StudentPlan } from '../student/plan';

export interface Shares {
  /** Shares of all students, 0 to 1. */
  reconnect: number;
  reload: number;
  secondTab: number;
}

/** What happens to a student while waiting happens within this time after the place was told, ms. */
const EVENT_MS = { least: 200, most: 4_000 };

/** Of second tabs: opened on another device. */
const OTHER_DEVICE = 0.5;
/** A connection that is lost while inside is lost just after one of so many first requests. */
const LAST_CUT_REQUEST = 4;

/** Decides when each student comes (at random within `arriveMs`) and what happens to whom while waiting. */
export function planStudents(
  lists: readonly string[][],
  students: readonly { studentId: string; token: string }[],
  options: Shares & { arriveMs: number; random: SeededRandom; changes?: readonly StudentChanges[] },
): StudentPlan[] {
  const random = options.random.fork('plan');
  const maybe = (share: number): number | undefined => {
    const after = random.between(EVENT_MS.least, EVENT_MS.most);
    return random.next() < share ? after : undefined;
  };
  const inside = options.random.fork('plan inside');
  const devices = options.random.fork('plan devices');
  const cutAtRequest = (): number | undefined => {
    const request = 1 + inside.below(LAST_CUT_REQUEST);
    return inside.next() < options.reconnect ? request : undefined;
  };
  return students.map(({ studentId, token }, index) => ({
    ordinal: index + 1,
    studentId,
    token,
    wishes: lists[index] ?? [],
    arriveAt: random.next() * options.arriveMs,
    changes: options.changes?.[index],
    troubles: {
      cutAfter: maybe(options.reconnect),
      reloadAfter: maybe(options.reload),
      secondTabAfter: maybe(options.secondTab),
      secondIsDevice: devices.next() < OTHER_DEVICE,
      cutAtRequest: options.changes && cutAtRequest(),
    },
  }));
}
