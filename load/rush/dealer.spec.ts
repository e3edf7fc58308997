import type { CatalogueSection } from '../../src/registration/catalogue/import/catalogue-rows';
import { refuseEnrolment, type SectionFacts } from '../../src/registration/seats/rules';
import { SeededRandom } from '../support/random';
import { deal, type Deal, MOST_WISHES } from './dealer';
import { readTerm, realDemand, scaleDemand, shownSection } from './demand';

const CREDIT_LIMIT = 5;
const OPEN = { capacity: 1, taken: 0, held: 0, overrides: 0 };
const term = readTerm();
const facts = new Map(term.map((section) => [section.id, factsOf(section)]));
const sections = term.map(shownSection);
const demand = realDemand();
const sumOf = (seats: Iterable<number>): number => [...seats].reduce((sum, one) => sum + one, 0);

function factsOf(row: CatalogueSection): SectionFacts {
  const code = `${row.department} ${row.number}`;
  const { id, section, type, creditsHundredths, meetings } = row;
  return { id, courseId: code, code, section, type, creditsHundredths, meetings };
}

function dealTo(students: number, seed: string, creditLimit = CREDIT_LIMIT): Deal {
  const exact = students === 3_000;
  const random = new SeededRandom(seed);
  return deal(sections, scaleDemand(demand, students), { students, creditLimit, random, exact });
}

/** What the service's own rules would refuse if there were seats enough. */
function refusals(lists: string[][], creditLimit: number): string[] {
  return lists.flatMap((ids) => {
    const list = ids.map((id) => facts.get(id) as SectionFacts);
    if (list.length > MOST_WISHES) return ['too many'];
    return list.flatMap((wanted, place) => {
      const enrolled = list.slice(0, place);
      const creditLimitHundredths = creditLimit * 100;
      const refusal = refuseEnrolment({ wanted, seats: OPEN, enrolled, creditLimitHundredths });
      return refusal ? [refusal.message] : [];
    });
  });
}

describe('the demand', () => {
  it('is that of the real term', () => {
    expect(demand.size).toBe(877);
    expect(sumOf(demand.values())).toBe(15_405);
    expect(scaleDemand(demand, 3_000)).toEqual(demand);
  });

  it.each([1, 60, 300, 2_999, 10_000])('keeps its proportions for %i students', (students) => {
    const scaled = scaleDemand(demand, students);
    expect(sumOf(scaled.values())).toBe(Math.round((15_405 * students) / 3_000));
    const offBy = [...scaled].map(([id, seats]) => Math.abs(seats - ((demand.get(id) ?? 0) * students) / 3_000));
    expect(Math.max(...offBy)).toBeLessThan(1);
  });
});

describe('the dealer', () => {
  it.each(['a', 'b', 'c'])('deals exactly the real demand to 3,000 students in legal lists (seed %s)', (seed) => {
    const { lists, demand: dealt } = dealTo(3_000, seed);
    expect(lists).toHaveLength(3_000);
    expect(dealt).toEqual(demand);
    expect(refusals(lists, CREDIT_LIMIT)).toEqual([]);
  });

  it.each([1, 2, 3, 7, 20, 60, 300])('deals the scaled demand to %i students in legal lists', (students) => {
    for (const seed of ['a', 'b', 'c', 'd', 'e']) {
      const { lists, demand: dealt } = dealTo(students, seed);
      expect(sumOf(dealt.values())).toBe(Math.round((15_405 * students) / 3_000));
      expect(refusals(lists, CREDIT_LIMIT)).toEqual([]);
    }
  });

  it('deals more than the real demand to more students', () => {
    const { lists, demand: dealt } = dealTo(5_000, 'many');
    expect(dealt).toEqual(scaleDemand(demand, 5_000));
    expect(refusals(lists, CREDIT_LIMIT)).toEqual([]);
  });

  it('deals within a tight credit limit', () => {
    const { lists, demand: dealt } = dealTo(3_000, 'tight', 4.25);
    expect(dealt).toEqual(demand);
    expect(refusals(lists, 4.25)).toEqual([]);
  });

  it('deals the same lists for the same seed, and others for another', () => {
    expect(dealTo(300, 'a')).toEqual(dealTo(300, 'a'));
    expect(dealTo(300, 'a')).not.toEqual(dealTo(300, 'b'));
  });

  it('says so when the demand does not fit', () => {
    expect(() => dealTo(3_000, 'a', 3)).toThrow(/cannot be dealt/);
  });
});
