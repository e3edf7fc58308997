import { type EntityManager, In } from 'typeorm';
import { SeatHoldEntity } from '../../entities/seat-hold.entity';
import type { SectionEntity } from '../../entities/section.entity';
import { seatsLeft } from '../../seats/rules';

/** What becomes of a section's seats when its capacity changes; as when an operator changes it through the ledger. */
export interface CapacityChange {
  before: SectionEntity;
  capacity: number;
  /** Seats in use beyond the new capacity. */
  overrides: number;
  /** Of the seats that come free, those that are held for the students who wait. */
  kept: number;
  /** What is left to everybody. */
  left: number;
}

/**
 * The capacity that a section gets when a file says `wanted`: seats that are given stay given, so no lower one than those
 * in use; and 0, for a section that is closed or cancelled.
 */
export const legalCapacity = ({ taken, held, overrides }: SectionEntity, wanted: number): number =>
  wanted === 0 ? 0 : Math.max(wanted, taken + held - overrides);

/** @param promised seats that are held for those who wait already */
export function changeOfCapacity(before: SectionEntity, capacity: number, promised: number): CapacityChange {
  const { taken, held, waiting } = before;
  const overrides = Math.max(0, taken + held - capacity);
  const freed = seatsLeft({ capacity, taken, held, overrides }) - seatsLeft(before);
  const kept = Math.max(0, Math.min(freed, waiting - promised));
  return { before, capacity, overrides, kept, left: seatsLeft({ capacity, taken, held: held + kept, overrides }) };
}

/** Seats that are held for those who wait, by section of the term. */
export async function promisedSeats(
  manager: EntityManager,
  termId: string,
  sections: readonly SectionEntity[],
): Promise<Map<string, number>> {
  const ids = sections.filter(({ waiting }) => waiting > 0).map(({ id }) => id);
  const promised = new Map<string, number>();
  if (ids.length === 0) return promised;
  const holds = await manager.findBy(SeatHoldEntity, {
    ...{ termId, sectionId: In(ids) },
    reason: In(['promotion', 'release']),
  });
  for (const { sectionId } of holds) promised.set(sectionId, (promised.get(sectionId) ?? 0) + 1);
  return promised;
}
