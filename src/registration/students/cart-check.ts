import type { ClassYear } from '../../contract/fields';
import { type Refusal, refuseEnrolment, type SectionFacts } from '../seats/rules';

/** A section of a cart, and what would stand in its way if the cart were committed now and every open section had a seat. */
export interface CartObstacle extends Refusal {
  sectionId: string;
}

export interface WantedSection extends SectionFacts {
  capacity: number;
  /** Seats per class year, where they are limited. */
  classYearLimits?: Partial<Record<ClassYear, number>>;
}

export interface CartQuestion {
  /** In order of preference: where two stand in each other's way, the first one stands in the way of the second. */
  wanted: readonly WantedSection[];
  /** What the student has already. */
  enrolled: readonly SectionFacts[];
  creditLimitHundredths: number;
  classYear: ClassYear | undefined;
}

/**
 * Says before anybody asks for a seat which sections of a cart the rules would refuse, by the rules of the commit itself.
 * Whether a section is full is left out: that changes every second, and `seats left` says it. So is the student's window:
 * it concerns all of them alike.
 */
export function cartObstacles({ wanted, enrolled, creditLimitHundredths, classYear }: CartQuestion): CartObstacle[] {
  const had = [...enrolled];
  const obstacles: CartObstacle[] = [];
  for (const section of wanted) {
    const seats = { capacity: section.capacity, taken: 0, held: 0, overrides: 0 };
    const limit = classYear && section.classYearLimits?.[classYear];
    const classYearSeats = classYear && limit !== undefined ? { classYear, limit, taken: 0 } : undefined;
    const refusal = refuseEnrolment({ wanted: section, seats, enrolled: had, creditLimitHundredths, classYearSeats });
    if (refusal) obstacles.push({ sectionId: section.id, ...refusal });
    else had.push(section);
  }
  return obstacles;
}
