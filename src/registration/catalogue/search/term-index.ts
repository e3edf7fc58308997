import { setImmediate as nextTurn } from 'node:timers/promises';
import { chunksOf } from '../../../common/collections';
import type { MeetingEntity } from '../../entities/meeting.entity';
import type { SectionEntity } from '../../entities/section.entity';
import { MINUTES_OF_DAY } from '../../../contract/week-time';
import { GramIndex, type Postings } from './gram-index';
import { Hours } from './hours';
import { type SeatCount, SeatCounts } from './seat-counts';
import { AT_START, compact, findWord, type Letters, namesOf, NOWHERE, wordsOf } from './words';

export interface SectionSearch {
  /** Words that must all occur in code, id, title or instructors, as students type them. */
  query?: string;
  department?: string;
  /** Only sections that meet on this day, 1 = Monday to 7 = Sunday. */
  day?: number;
  /** Only sections of which no meeting begins before, minutes since midnight; those without times are among them. */
  from?: number;
  /** Only sections of which no meeting ends after, likewise. */
  until?: number;
  /** Only sections of so many credits, in hundredths. */
  creditsHundredths?: number;
  /** Only sections with seats left. */
  openOnly?: boolean;
  /** Only sections that meet at no time at which one of these does. Ids that the term does not have change nothing. */
  fits?: readonly string[];
  /** From 1. */
  page: number;
  /** 1 to 100. */
  pageSize: number;
}

/** What a search needs of a section, and what is shown of those that it finds, but for the seats. */
export interface IndexedSection extends Pick<
  SectionEntity,
  | ('id' | 'termId' | 'courseId' | 'department' | 'number' | 'section')
  | ('type' | 'title' | 'instructors' | 'creditsHundredths' | 'prerequisites' | 'notes')
> {
  meetings: IndexedMeeting[];
}

export type IndexedMeeting = Pick<
  MeetingEntity,
  'day' | 'startMinute' | 'endMinute' | 'location' | 'firstDay' | 'lastDay' | 'half'
>;

export interface FoundSections {
  sections: { section: IndexedSection; seats: SeatCount }[];
  /** All that match, on every page. */
  total: number;
}

type Condition = (place: number) => boolean;

/** What a section is found by. */
interface Entry {
  names: Letters;
  /** Without gaps, like the id. */
  code: string;
  id: string;
}

/** Sections that are looked at before the event loop gets a turn: 2 ms or so. */
const SLICE = 100;
/**
 * Places that are kept of answers to queries, 4 bytes each: many students type the same, and what takes the longest are the
 * few first letters that there are. Each answer counts so many more for itself.
 */
const MOST_KEPT = 1_000_000;
const KEPT_FOR_ITSELF = 50;

/**
 * All sections of one term as its catalogue is, in the order of their codes, and the newest known counts of their seats.
 * Whatever is searched for is answered by it alone.
 */
export class TermIndex {
  readonly seats: SeatCounts;
  /** In order of the alphabet. */
  readonly departments: readonly string[];
  /** Those that sections have, in hundredths, ascending. */
  readonly credits: readonly number[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly departmentOf: Uint16Array;
  private readonly creditsOf: Int32Array;
  private readonly hours: Hours;
  private readonly everywhere: Postings;
  private readonly kept = new Map<string, Postings>();
  private keptPlaces = 0;

  private constructor(
    private readonly sections: readonly IndexedSection[],
    private readonly entries: readonly Entry[],
    private readonly grams: GramIndex,
  ) {
    this.seats = new SeatCounts(sections.length);
    this.places = new Map(sections.map(({ id }, place) => [id, place]));
    this.everywhere = Uint32Array.from(sections.keys());
    const departments = new Map<string, number>();
    for (const { department } of sections) {
      if (!departments.has(department)) departments.set(department, departments.size);
    }
    this.departments = [...departments.keys()];
    this.departmentOf = Uint16Array.from(sections, ({ department }) => departments.get(department) ?? 0);
    this.creditsOf = Int32Array.from(sections, ({ creditsHundredths }) => creditsHundredths);
    this.credits = [...new Set(this.creditsOf)].sort((a, b) => a - b);
    this.hours = new Hours(sections.map(({ meetings }) => meetings));
  }

  /** In slices: nobody waits for it on this thread. */
  static async of(sections: readonly IndexedSection[]): Promise<TermIndex> {
    const inOrder = [...sections].sort(byCode);
    await nextTurn();
    const entries: Entry[] = [];
    const maker = GramIndex.maker(sections.length);
    for (const slice of chunksOf(inOrder, SLICE)) {
      for (const section of slice) {
        const entry = entryOf(section);
        maker.add(entries.push(entry) - 1, entry.names);
      }
      await nextTurn();
    }
    const grams = maker.made();
    await nextTurn();
    return new TermIndex(inOrder, entries, grams);
  }

  /** The place of a section in the counts of seats; undefined when the term has no such one. */
  placeOf(sectionId: string): number | undefined {
    return this.places.get(sectionId);
  }

  /**
   * Without words, in order of department, number and letter. With words, first what the whole query is the code or id
   * of, as far as it is typed; then where each word begins one of theirs; then the others.
   *
   * @throws DomainError `invalid_input` for too many words
   */
  search({ page, pageSize, ...asked }: SectionSearch): FoundSections {
    const matching = this.matching(asked.query ?? '');
    const conditions = this.conditionsOf(asked);
    const holding =
      conditions.length === 0 ? matching : matching.filter((place) => conditions.every((one) => one(place)));
    const shown = holding.subarray((page - 1) * pageSize, page * pageSize);
    const sections = Array.from(shown, (place) => ({ section: this.at(place), seats: this.seats.of(place) }));
    return { sections, total: holding.length };
  }

  private at(place: number): IndexedSection {
    return this.sections[place] as IndexedSection;
  }

  /** The places of all whose names have every word of the query, the best first. */
  private matching(query: string): Postings {
    const words = wordsOf(query);
    if (words.length === 0) return this.everywhere;
    const whole = compact(query);
    const key = [whole, ...words.map(({ letters }) => letters)].join('\n');
    const matching = this.kept.get(key) ?? this.ranked(words, whole);
    this.keep(key, matching);
    return matching;
  }

  /** The youngest last: what nobody has typed for the longest time goes first. */
  private keep(key: string, matching: Postings): void {
    this.letGo(key);
    this.kept.set(key, matching);
    this.keptPlaces += matching.length + KEPT_FOR_ITSELF;
    for (const oldest of this.kept.keys()) {
      if (this.keptPlaces <= MOST_KEPT) return;
      this.letGo(oldest);
    }
  }

  private letGo(key: string): void {
    const known = this.kept.get(key);
    if (known && this.kept.delete(key)) this.keptPlaces -= known.length + KEPT_FOR_ITSELF;
  }

  private ranked(words: readonly Letters[], whole: string): Postings {
    const ranks: [number[], number[], number[]] = [[], [], []];
    for (const place of this.grams.candidates(words)) {
      const rank = rankOf(this.entries[place] as Entry, words, whole);
      if (rank !== undefined) ranks[rank].push(place);
    }
    return Uint32Array.from(ranks.flat());
  }

  private conditionsOf(asked: Omit<SectionSearch, 'page' | 'pageSize'>): Condition[] {
    const { department, day, from, until, creditsHundredths, openOnly, fits = [] } = asked;
    const conditions: Condition[] = [];
    if (department !== undefined) {
      const wanted = this.departments.indexOf(department);
      conditions.push((place) => this.departmentOf[place] === wanted);
    }
    if (creditsHundredths !== undefined) conditions.push((place) => this.creditsOf[place] === creditsHundredths);
    if (openOnly) conditions.push((place) => this.seats.isOpen(place));
    if (day !== undefined) conditions.push((place) => this.hours.isOn(place, day));
    if (from !== undefined || until !== undefined) {
      conditions.push((place) => this.hours.isWithin(place, from ?? 0, until ?? MINUTES_OF_DAY));
    }
    const own = fits.flatMap((id) => this.sections[this.places.get(id) ?? -1]?.meetings ?? []);
    if (own.length > 0) conditions.push(this.hours.besides(own));
    return conditions;
  }
}

function entryOf({ department, number, section, title, instructors, id }: IndexedSection): Entry {
  const names = namesOf([`${department} ${number} ${section}`, title, ...instructors.split(';')], id);
  return { names, code: compact(department + number + section), id: compact(id) };
}

/** 0 is the best; undefined: some word does not occur. @param whole the query without its gaps */
function rankOf({ names, code, id }: Entry, words: readonly Letters[], whole: string): 0 | 1 | 2 | undefined {
  let areBeginnings = true;
  for (const word of words) {
    const found = findWord(names, word);
    if (found === NOWHERE) return undefined;
    areBeginnings &&= found === AT_START;
  }
  if (code.startsWith(whole) || whole === id || whole === id.replace(/^0+/, '')) return 0;
  return areBeginnings ? 1 : 2;
}

function byCode(one: IndexedSection, other: IndexedSection): number {
  for (const key of ['department', 'number', 'section', 'id'] as const) {
    if (one[key] !== other[key]) return one[key] < other[key] ? -1 : 1;
  }
  return 0;
}
