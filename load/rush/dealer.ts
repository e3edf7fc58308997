import { groupBy } from '../../src/common/collections';
import type { SeededRandom } from '../support/random';
import { Conflicts, type DealtSection } from './conflicts';
import type { Demand } from './demand';

/** Most sections on one list; a commit takes no more, and the page shows no more. */
export const MOST_WISHES = 20;

/** What most sections have, in hundredths; smaller ones fit anywhere. */
const ORDINARY_CREDITS = 100;

export interface DealOptions {
  students: number;
  /** Most credits on one list. */
  creditLimit: number;
  random: SeededRandom;
  /** The demand must be dealt exactly; otherwise a seat that fits nobody is wished in a section that fits. */
  exact: boolean;
}

export interface Deal {
  /** The wish list of each student, section ids in random order. */
  lists: string[][];
  /** What the lists add up to. */
  demand: Demand;
}

/**
 * Deals the demand to students as wish lists that are each legal: no two sections that overlap, one section per course
 * and type, within the credit limit.
 *
 * Sections that are hardest to place are dealt first, each to the students with the fewest credits so far. A seat
 * that fits nobody then takes the place of one that fits somebody else.
 *
 * @throws Error when that leaves a seat over
 */
export function deal(sections: readonly DealtSection[], demand: Demand, options: DealOptions): Deal {
  return new Dealer(sections, options).deal(demand);
}

/** What one student has been dealt: places in the list of sections, and their credits in hundredths. */
interface Hand {
  held: number[];
  credits: number;
}

class Dealer {
  private readonly conflicts: Conflicts;
  private readonly credits: number[];
  private readonly limit: number;
  private readonly hands: Hand[];
  private readonly random: SeededRandom;

  constructor(
    private readonly sections: readonly DealtSection[],
    private readonly options: DealOptions,
  ) {
    this.conflicts = new Conflicts(sections);
    this.credits = sections.map(({ credits }) => Math.round(Math.max(0, credits) * 100));
    this.limit = Math.round(options.creditLimit * 100);
    this.hands = Array.from({ length: options.students }, () => ({ held: [], credits: 0 }));
    this.random = options.random;
  }

  deal(demand: Demand): Deal {
    const wanted = this.sections.map(({ id }) => demand.get(id) ?? 0);
    for (const section of this.hardestFirst(wanted)) {
      const left = this.dealOne(section, wanted[section] ?? 0);
      for (let seat = 0; seat < left; seat += 1) {
        if (!this.makeRoom(section)) this.dealAnother(section);
      }
    }
    return this.result();
  }

  /** Large ones first (a placement of 3 credits fits early or never), then those that exclude the most wished seats. */
  private hardestFirst(wanted: number[]): number[] {
    const hardness = wanted.map((_, one) =>
      wanted.reduce((sum, seats, other) => sum + (this.conflicts.between(one, other) ? seats : 0), 0),
    );
    const places = this.random.shuffled([...wanted.keys()].filter((place) => (wanted[place] ?? 0) > 0));
    const size = (place: number): number => Math.max(this.credits[place] ?? 0, ORDINARY_CREDITS);
    return places.sort((a, b) => size(b) - size(a) || (hardness[b] ?? 0) - (hardness[a] ?? 0));
  }

  /** Gives a section to as many students as it is wished by. Returns how many seats fitted nobody. */
  private dealOne(section: number, seats: number): number {
    let left = seats;
    for (const hand of this.emptiestFirst()) {
      if (left === 0) break;
      if (!this.fits(hand, section)) continue;
      this.give(hand, section);
      left -= 1;
    }
    return left;
  }

  private emptiestFirst(): Hand[] {
    const byCredits = groupBy(this.random.shuffled(this.hands), ({ credits }) => credits);
    return [...byCredits].sort(([a], [b]) => a - b).flatMap(([, hands]) => hands);
  }

  /** Finds a student from whom one section can go to another student, so that this one fits. */
  private makeRoom(section: number): boolean {
    const others = this.random.shuffled(this.hands);
    for (const hand of others) {
      const inTheWay = this.inTheWay(hand, section);
      if (inTheWay === undefined) continue;
      const taker = others.find((other) => other !== hand && this.fits(other, inTheWay));
      if (!taker) continue;
      this.take(hand, inTheWay);
      this.give(taker, inTheWay);
      this.give(hand, section);
      return true;
    }
    return false;
  }

  /** The one section without which this one would fit; undefined when there is no such single one. */
  private inTheWay(hand: Hand, section: number): number | undefined {
    const excluding = hand.held.filter((held) => this.conflicts.between(held, section));
    if (excluding.length > 1 || excluding[0] === section) return undefined;
    const candidates = excluding.length === 1 ? excluding : hand.held;
    return candidates.find((held) => {
      const credits = hand.credits - (this.credits[held] ?? 0) + (this.credits[section] ?? 0);
      return credits <= this.limit;
    });
  }

  /** A few students cannot share any seats: the wish goes to a section that fits one of them. */
  private dealAnother(section: number): void {
    const places = this.options.exact ? [] : this.random.shuffled([...this.sections.keys()]);
    for (const hand of this.emptiestFirst()) {
      const other = places.find((place) => this.fits(hand, place));
      if (other !== undefined) return this.give(hand, other);
    }
    throw new Error(
      `The demand cannot be dealt: a seat in section ${this.sections[section]?.id} fits none of ` +
        `${this.options.students} students within ${this.options.creditLimit} credits.`,
    );
  }

  private fits({ held, credits }: Hand, section: number): boolean {
    if (held.length >= MOST_WISHES || credits + (this.credits[section] ?? 0) > this.limit) return false;
    return !held.some((other) => this.conflicts.between(other, section));
  }

  private give(hand: Hand, section: number): void {
    hand.held.push(section);
    hand.credits += this.credits[section] ?? 0;
  }

  private take(hand: Hand, section: number): void {
    hand.held.splice(hand.held.indexOf(section), 1);
    hand.credits -= this.credits[section] ?? 0;
  }

  private result(): Deal {
    const demand = new Map(this.sections.map(({ id }) => [id, 0]));
    const lists = this.hands.map(({ held }) => this.random.shuffled(held).map((place) => this.idOf(place)));
    for (const id of lists.flat()) demand.set(id, (demand.get(id) ?? 0) + 1);
    return { lists, demand };
  }

  private idOf(place: number): string {
    return (this.sections[place] as DealtSection).id;
  }
}
