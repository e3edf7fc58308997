import type { StudentChanges } from '../student/cart';
import { SeededRandom } from '../support/random';
import { planChanges } from './changes';
import { type DealtSection, mayBeTogether } from './conflicts';
import { deal } from './dealer';
import { crowdDemand, readTerm, realDemand, scaleDemand, shownSection } from './demand';

const CREDIT_LIMIT = 5;
const STUDENTS = 300;
const sections = readTerm().map((row) => ({ ...shownSection(row), capacity: row.capacity }));
const byId = new Map(sections.map((section) => [section.id, section]));
const seats = new Map(sections.map(({ id, capacity }) => [id, capacity]));
const sumOf = (demand: ReadonlyMap<string, number>): number => [...demand.values()].reduce((sum, one) => sum + one, 0);

function plan(seed: string): { lists: string[][]; changes: StudentChanges[]; demand: ReadonlyMap<string, number> } {
  const random = new SeededRandom(seed);
  const crowded = crowdDemand(scaleDemand(realDemand(), STUDENTS), seats, { students: STUDENTS, random });
  const options = { students: STUDENTS, creditLimit: CREDIT_LIMIT, exact: false, random };
  const { lists, demand } = deal(sections, crowded, options);
  return { lists, demand, changes: planChanges(lists, sections, { creditLimit: CREDIT_LIMIT, demand, random }) };
}

function isLegal(ids: readonly string[]): boolean {
  const list = ids.map((id) => byId.get(id) as DealtSection);
  const credits = list.reduce((sum, one) => sum + Math.round(Math.max(0, one.credits) * 100), 0);
  return (
    credits <= CREDIT_LIMIT * 100 &&
    list.every((one, place) => list.slice(0, place).every((other) => mayBeTogether(one, other)))
  );
}

describe('the crowded demand', () => {
  it.each([60, 300, 3_000])(
    'has as many wishes as the real one of %i students, and many sections run full',
    (students) => {
      const real = scaleDemand(realDemand(), students);
      const crowded = crowdDemand(real, seats, { students, random: new SeededRandom('crowd') });
      expect(sumOf(crowded)).toBe(sumOf(real));
      const beyond = [...crowded].map(([id, wishes]) => Math.max(0, wishes - (seats.get(id) ?? 0)));
      expect(beyond.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(sumOf(real) * 0.1);
    },
  );
});

describe('the planned changes', () => {
  const { lists, changes, demand } = plan('plan');

  it('keep every list legal whatever is swapped', () => {
    const swapped = changes.flatMap(({ swaps }, index) =>
      [...swaps].map(([given, taken]) => [...(lists[index] ?? []).filter((id) => id !== given), taken]),
    );
    expect(swapped.length).toBeGreaterThan(STUDENTS / 5);
    expect(swapped.filter((list) => !isLegal(list))).toEqual([]);
  });

  it('swap nothing for what is wished anyway, or is given up', () => {
    changes.forEach(({ swaps, givesUp }, index) => {
      for (const [given, taken] of swaps) {
        expect(lists[index]).toContain(given);
        expect(lists[index]).not.toContain(taken);
        expect(givesUp.has(given)).toBe(false);
      }
    });
  });

  it('are of every kind, and not of everybody', () => {
    const shareOf = (test: (one: StudentChanges) => boolean): number => changes.filter(test).length / STUDENTS;
    for (const test of [
      ({ waits }: StudentChanges) => waits,
      ({ givesUp }: StudentChanges) => givesUp.size > 0,
      ({ givesUpLate }: StudentChanges) => givesUpLate,
      ({ swaps }: StudentChanges) => [...swaps.values()].some((id) => (demand.get(id) ?? 0) > (seats.get(id) ?? 0)),
    ]) {
      expect(shareOf(test)).toBeGreaterThan(0.05);
      expect(shareOf(test)).toBeLessThan(0.95);
    }
  });

  it('are the same for the same seed, and others for another', () => {
    expect(plan('plan').changes).toEqual(changes);
    expect(plan('other').changes).not.toEqual(changes);
  });
});
