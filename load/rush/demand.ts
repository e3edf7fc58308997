import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogueSection, parseCatalogue } from '../../src/registration/catalogue/import/catalogue-rows';
import { dayName, timeOf } from '../../src/contract/week-time';
import type { SeededRandom } from '../support/random';
import type { DealtSection } from './conflicts';

/** The demo term as published; its `enrolled` is what really was wanted. */
const DEMAND_FILE = join(__dirname, '../../src/registration/catalogue/stolaf-20251.csv');

/** How many students the real demand is dealt to as it is: about as many as the college has. */
export const STUDENTS_OF_THE_TERM = 3_000;

/** Seats wanted, by section id. */
export type Demand = ReadonlyMap<string, number>;

/** The sections of the real term. */
export function readTerm(): CatalogueSection[] {
  return parseCatalogue(readFileSync(DEMAND_FILE, 'utf8')).sections;
}

/** A section of the term as the service's catalogue shows it. */
export function shownSection(row: CatalogueSection): DealtSection {
  return {
    ...{ id: row.id, courseId: `${row.department} ${row.number}`, type: row.type },
    credits: row.creditsHundredths / 100,
    meetings: row.meetings.map(({ day, startMinute, endMinute }) => ({
      ...{ day: dayName(day), start: timeOf(startMinute), end: timeOf(endMinute) },
    })),
  };
}

/** The real demand: 15,405 seats in 877 sections. */
export function realDemand(): Demand {
  return new Map(readTerm().map(({ id, demand }) => [id, demand]));
}

/** The demand of `students` students: each section in proportion. At 3,000 it is the demand itself. */
export function scaleDemand(demand: Demand, students: number): Demand {
  return apportion(demand, Math.round((sumOf(demand) * students) / STUDENTS_OF_THE_TERM));
}

/** A part of all wishes goes to sections that have not seats enough for them. */
const CROWDED_SHARE = 0.4;
/** In those, so many more wishes than seats, as a share of the seats; at least 3. They are full when half have come. */
const CROWD = 1;
/** No section is wished by more of the students: their lists could hardly be legal. */
const MOST_OF_THE_STUDENTS = 0.5;

/**
 * The same number of wishes, but so that many sections run full however few the students are: some sections, at random,
 * are wished by more students than they have seats, and the others in proportion to what is left.
 */
export function crowdDemand(
  demand: Demand,
  seats: ReadonlyMap<string, number>,
  { students, random }: { students: number; random: SeededRandom },
): Demand {
  const total = sumOf(demand);
  const crowded = new Map<string, number>();
  for (const id of random.shuffled([...demand.keys()])) {
    const left = seats.get(id) ?? 0;
    const wanted = left + Math.max(3, Math.round(left * CROWD));
    if (left === 0 || wanted > students * MOST_OF_THE_STUDENTS) continue;
    if (sumOf(crowded) + wanted > total * CROWDED_SHARE) break;
    crowded.set(id, wanted);
  }
  const others = new Map([...demand].filter(([id]) => !crowded.has(id)));
  return new Map([...crowded, ...apportion(others, total - sumOf(crowded))]);
}

const sumOf = (demand: Demand): number => [...demand.values()].reduce((sum, seats) => sum + seats, 0);

/**
 * `total` seats in proportion, the sum rounded once: largest remainders get the seats left over by rounding down; among
 * equal ones the larger demand, then the lower id.
 */
function apportion(demand: Demand, total: number): Demand {
  const sum = sumOf(demand);
  const exact = [...demand].map(([id, seats]) => ({ id, seats, share: sum === 0 ? 0 : (seats * total) / sum }));
  const scaled = new Map(exact.map((one) => [one.id, Math.floor(one.share)]));
  exact.sort((a, b) => (b.share % 1) - (a.share % 1) || b.seats - a.seats || (a.id < b.id ? -1 : 1));
  for (const { id } of exact.slice(0, total - sumOf(scaled))) scaled.set(id, (scaled.get(id) ?? 0) + 1);
  return scaled;
}
