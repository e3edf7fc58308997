import type { SeededRandom } from '../../load/support/random';
import { NO_CHANGES } from '../../load/student/cart';
import type { StudentPlan } from '../../load/student/plan';
import type { Route } from '../../load/student/swarm-context';

export interface PlanOptions {
  /** All come within this time, ms. */
  arriveMs: number;
  pods: number;
  /** Sections of the round. */
  sectionIds: readonly string[];
  /** How long an away student keeps the place, ms; nobody stays away longer than a third of it. */
  graceMs: number;
  random: SeededRandom;
}

/** Shares of all students. */
const SECOND_TAB = 0.35;
const POLLING = 0.12;
const AWAY = 0.12;
const LEAVES = 0.05;
const PAST_NGINX = 0.7;
const MOST_WISHES = 4;
/** Of the wishes. */
const DROPPED = 0.2;
/** What happens to a waiting student happens within this time after the place was told, ms. */
const EVENT_MS = { least: 200, most: 3_000 };

/** Decides what every student of a round will do, from the seed alone. */
export function planStudents(
  students: readonly { studentId: string; token: string }[],
  options: PlanOptions,
): StudentPlan[] {
  return students.map(({ studentId, token }, index) => {
    const random = options.random.fork(`student ${index + 1}`);
    const wishes = random.shuffled(options.sectionIds).slice(0, 1 + random.below(MOST_WISHES));
    const some = (share: number): number | undefined => {
      const after = random.between(EVENT_MS.least, EVENT_MS.most);
      return random.next() < share ? after : undefined;
    };
    const givesUp = new Set(wishes.filter(() => random.next() < DROPPED));
    const arriveAt = random.next() * options.arriveMs;
    const routes = planRoutes(random, options.pods);
    const [awayAfter, awayForMs] = [some(AWAY), random.between(200, options.graceMs / 3)];
    return {
      ordinal: index + 1,
      ...{ studentId, token, wishes, arriveAt, routes },
      changes: { ...NO_CHANGES, givesUp },
      troubles: {
        secondTabAfter: routes.length > 1 ? 0 : undefined,
        away: awayAfter === undefined ? undefined : { after: awayAfter, forMs: awayForMs },
        leaveAfter: some(LEAVES),
      },
    };
  });
}

/** Two tabs of one student are on two pods. */
function planRoutes(random: SeededRandom, pods: number): Route[] {
  const first = random.below(pods);
  const second = (first + 1 + random.below(Math.max(1, pods - 1))) % pods;
  if (random.next() < POLLING) return [{ transports: ['polling'] }];
  const past = random.next() < PAST_NGINX;
  const tabs: Route[] = [{ pod: past ? first : undefined }];
  if (random.next() < SECOND_TAB) tabs.push({ pod: past ? second : undefined });
  return tabs;
}
