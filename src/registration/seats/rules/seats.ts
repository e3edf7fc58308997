import { nameOf, type Refusal, type SeatFacts, type SectionFacts, seatsLeft } from './facts';

/** A section of capacity 0 is closed: only an operator can put somebody in. */
export function refuseClosed(wanted: SectionFacts, { capacity }: SeatFacts): Refusal | undefined {
  if (capacity > 0) return undefined;
  return { code: 'section_closed', message: `${nameOf(wanted)} is closed.`, details: { capacity } };
}

/** A seat is there, and it is not held for somebody else. */
export function refuseFull(wanted: SectionFacts, seats: SeatFacts): Refusal | undefined {
  if (seatsLeft(seats) > 0) return undefined;
  return {
    code: 'section_full',
    message: `${nameOf(wanted)} is full.`,
    details: { capacity: seats.capacity, taken: seats.taken },
  };
}
