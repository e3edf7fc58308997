import { NO_CHANGES, type StudentChanges } from '../student/cart';
import type { SeededRandom } from '../support/random';
import { type DealtSection, mayBeTogether } from './conflicts';
import type { Demand } from './demand';

const WAITING_SHARE = 0.8;
/** Of the students change their mind; each gives up one or two sections, and many swap one more. */
const CHANGING_SHARE = 0.5;
const MOST_GIVEN_UP = 2;
const LATE_SHARE = 0.5;
const SWAPPING_SHARE = 0.7;
/** How many sections are looked at for one to swap for, beside those of the same course; first those that are crowded. */
const SWAP_CANDIDATES = 60;
const CROWDED_SHARE = 0.5;

export interface ChangeOptions {
  /** On how many lists each section is. */
  demand: Demand;
  /** Most credits at any time. */
  creditLimit: number;
  random: SeededRandom;
}

/**
 * Decides who waits, gives up and swaps what. Whatever the answers are, and in whatever order waitlists are served: what a
 * student has and waits for stays legal, so that nothing but missing seats can be in the way of a swap or a promotion.
 */
export function planChanges(
  lists: readonly (readonly string[])[],
  sections: readonly (DealtSection & { capacity: number })[],
  { creditLimit, demand, random }: ChangeOptions,
): StudentChanges[] {
  const byId = new Map(sections.map((section) => [section.id, section]));
  const open = sections.filter(({ capacity }) => capacity > 0);
  const crowded = open.filter(({ id, capacity }) => (demand.get(id) ?? 0) > capacity);
  return lists.map((list, index) => {
    const own = random.fork(`changes ${index + 1}`);
    const waits = own.next() < WAITING_SHARE;
    if (own.next() >= CHANGING_SHARE) return { ...NO_CHANGES, waits };
    const [first, second, swapped] = own.shuffled(list);
    const givesUp = new Set(
      [first, own.below(MOST_GIVEN_UP) > 0 ? second : undefined].filter((id) => id !== undefined),
    );
    const givesUpLate = own.next() < LATE_SHARE;
    if (swapped === undefined || own.next() >= SWAPPING_SHARE) return { waits, givesUp, givesUpLate, swaps: new Map() };
    const wished = list.map((id) => byId.get(id)).filter((section) => section !== undefined);
    const preferred = own.next() < CROWDED_SHARE ? crowded : [];
    const target = swapTarget(swapped, wished, { open, preferred, creditLimit, random: own });
    return { waits, givesUp, givesUpLate, swaps: new Map(target === undefined ? [] : [[swapped, target]]) };
  });
}

interface SwapOptions extends Omit<ChangeOptions, 'demand'> {
  open: readonly DealtSection[];
  preferred: readonly DealtSection[];
}

/** A section that is legal with the whole list but for the one given back. */
function swapTarget(
  given: string,
  list: readonly DealtSection[],
  { open, preferred, creditLimit, random }: SwapOptions,
): string | undefined {
  const kept = list.filter(({ id }) => id !== given);
  const old = list.find(({ id }) => id === given);
  const creditsLeft = Math.round(creditLimit * 100) - kept.reduce((sum, section) => sum + hundredths(section), 0);
  const sisters = open.filter(({ courseId, type }) => courseId === old?.courseId && type === old.type);
  const some = (from: readonly DealtSection[]): DealtSection[] => random.shuffled(from).slice(0, SWAP_CANDIDATES);
  const target = [...some(preferred), ...some(sisters), ...some(open)].find(
    (section) =>
      section.id !== given &&
      hundredths(section) <= creditsLeft &&
      kept.every((other) => mayBeTogether(section, other)),
  );
  return target?.id;
}

const hundredths = ({ credits }: DealtSection): number => Math.round(Math.max(0, credits) * 100);
