import type { ErrorCode } from '../../../src/contract/errors';
import { readTerm } from '../../../load/rush/demand';
import type { EnrolmentChangedMessage, SectionOutcome } from '../../../src/contract/seats';
import type { Lie } from './lie';

interface Section {
  capacity: number;
  students: Set<string>;
  waiting: string[];
  /** Seats that nobody has and nobody can take; none when honest. */
  held: number;
  /** Whoever waits or asks is told that it is full, though it is not. */
  isKept: boolean;
}

type Change = EnrolmentChangedMessage['changes'][number];

/** Few enough that the last seats are fought for. */
const MOST_SEATS = 1;

/** Seats and waitlists as simple as can be: honest, but for the one lie. */
export class LyingSeats {
  /** Called for what a student did not ask for. */
  onPromoted: (student: string, change: Change) => void = () => undefined;
  private readonly sections = new Map<string, Section>(
    readTerm().map(({ id, capacity }) => [
      id,
      { capacity: Math.min(MOST_SEATS, capacity), students: new Set(), waiting: [], held: 0, isKept: false },
    ]),
  );
  private readonly answers = new Map<string, SectionOutcome[]>();
  private hasLied = false;

  constructor(private readonly lie?: Lie) {}

  /** Over a socket or over HTTP, and however often: one request is answered once. */
  answer(student: string, idempotencyKey: string, decide: () => SectionOutcome[]): SectionOutcome[] {
    const key = `${student} ${idempotencyKey}`;
    const answer = this.answers.get(key) ?? decide();
    this.answers.set(key, answer);
    return answer;
  }

  capacity(id: string): number {
    return this.section(id).capacity;
  }

  left(id: string): number {
    const { capacity, students, held } = this.section(id);
    return Math.max(0, capacity - students.size - held);
  }

  enrolled(student: string): string[] {
    return [...this.sections].filter(([, { students }]) => students.has(student)).map(([id]) => id);
  }

  waiting(student: string): { sectionId: string; position: number }[] {
    return [...this.sections]
      .filter(([, { waiting }]) => waiting.includes(student))
      .map(([sectionId, { waiting }]) => ({ sectionId, position: waiting.indexOf(student) + 1 }));
  }

  take(student: string, sectionId: string): SectionOutcome {
    const { capacity, students, isKept } = this.section(sectionId);
    if (students.has(student)) return { sectionId, outcome: 'enrolled' };
    if (capacity === 0) return refused(sectionId, 'section_closed');
    if (isKept) return refused(sectionId, 'section_full');
    if (this.left(sectionId) === 0 && !this.liesOnce('a seat too many')) return refused(sectionId, 'section_full');
    if (this.liesOnce('a seat refused')) return refused(sectionId, 'time_conflict');
    if (!this.liesOnce('an enrolment lost')) students.add(student);
    if (this.liesOnce('a seat nobody asked for')) this.giveAway(student);
    return { sectionId, outcome: 'enrolled' };
  }

  drop(student: string, sectionId: string): SectionOutcome {
    const { students } = this.section(sectionId);
    if (!students.has(student)) return refused(sectionId, 'not_enrolled');
    if (!this.liesOnce('a drop that was not done')) this.giveBack(student, sectionId);
    return { sectionId, outcome: 'dropped' };
  }

  swap(student: string, dropId: string, takeId: string): SectionOutcome[] {
    const taken = this.take(student, takeId);
    if (taken.outcome !== 'enrolled') {
      if (this.liesOnce('a swap that loses the old seat')) this.giveBack(student, dropId);
      return [{ sectionId: dropId, outcome: 'kept' }, taken];
    }
    if (!this.liesOnce('a swap that keeps the old seat')) this.giveBack(student, dropId);
    return [{ sectionId: dropId, outcome: 'dropped' }, taken];
  }

  join(student: string, sectionId: string): SectionOutcome {
    const { waiting, isKept } = this.section(sectionId);
    if (this.left(sectionId) > 0 && !isKept) return refused(sectionId, 'waitlist_not_needed');
    const position = waiting.push(student);
    if (this.liesOnce('a turn on a waitlist lost')) waiting.pop();
    return { sectionId, outcome: 'waitlisted', position };
  }

  leave(student: string, sectionId: string): SectionOutcome {
    const { waiting } = this.section(sectionId);
    if (!waiting.includes(student)) return refused(sectionId, 'not_waitlisted');
    waiting.splice(waiting.indexOf(student), 1);
    return { sectionId, outcome: 'left' };
  }

  private giveBack(student: string, sectionId: string): void {
    const section = this.section(sectionId);
    section.students.delete(student);
    if (this.liesOnce('a freed seat for nobody')) section.held += 1;
    else if (section.waiting.length > 0) this.promote(section, sectionId);
  }

  private promote(section: Section, sectionId: string): void {
    const { waiting } = section;
    if (this.lie === 'a freed seat kept from the waitlist') {
      // In every section, and for good: or those who wait may have given up, or others come before the rush has ended.
      section.isKept = true;
      return;
    }
    if (this.lie === 'a seat taken past the waitlist') return;
    const isFromEnd = this.lie === 'a waitlist served from its end';
    this.seat(section, sectionId, (isFromEnd ? waiting.pop() : waiting.shift()) as string);
    const next = waiting[0];
    if (next !== undefined && this.liesOnce('a freed seat given twice')) {
      waiting.shift();
      this.seat(section, sectionId, next);
    }
  }

  private seat({ students }: Section, sectionId: string, student: string): void {
    if (!this.liesOnce('a promotion that is only told')) students.add(student);
    if (this.liesOnce('a promotion nobody is told of')) return;
    this.onPromoted(student, { sectionId, state: 'enrolled', by: 'promotion' });
  }

  /** A seat in the last section that has some, of which nobody thinks. */
  private giveAway(student: string): void {
    const [, section] = [...this.sections].findLast(([id]) => this.left(id) > 0) ?? [];
    section?.students.add(student);
  }

  private section(id: string): Section {
    const section = this.sections.get(id);
    if (!section) throw new Error(`no section ${id}`);
    return section;
  }

  private liesOnce(lie: Lie): boolean {
    if (this.lie !== lie || this.hasLied) return false;
    this.hasLied = true;
    return true;
  }
}

function refused(sectionId: string, code: ErrorCode): SectionOutcome {
  return { sectionId, outcome: 'refused', error: { code, message: code, retryable: false } };
}
