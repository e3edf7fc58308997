import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CatalogueSection, parseCatalogue } from '../../src/registration/catalogue-rows';

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

/** The real demand: 15,405 seats in 877 sections. */
export function realDemand(): Demand {
  return new Map(readTerm().map(({ id, demand }) => [id, demand]));
}

/**
 * The demand of `students` students: each section in proportion, the sum rounded once (largest remainders get the seats
 * left over by rounding down; among equal ones the larger demand, then the lower id). At 3,000 it is the demand itself.
 */
export function scaleDemand(demand: Demand, students: number): Demand {
  const share = (seats: number): number => (seats * students) / STUDENTS_OF_THE_TERM;
  const exact = [...demand].map(([id, seats]) => ({ id, seats, share: share(seats) }));
  const scaled = new Map(exact.map((one) => [one.id, Math.floor(one.share)]));
  const whole = [...scaled.values()].reduce((sum, seats) => sum + seats, 0);
  const wanted = Math.round(share([...demand.values()].reduce((sum, seats) => sum + seats, 0)));
  exact.sort((a, b) => (b.share % 1) - (a.share % 1) || b.seats - a.seats || (a.id < b.id ? -1 : 1));
  for (const { id } of exact.slice(0, wanted - whole)) scaled.set(id, (scaled.get(id) ?? 0) + 1);
  return scaled;
}
