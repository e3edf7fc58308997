import { readTerm } from '../../../load/rush/demand';
import type { SectionOutcome } from '../../../src/live/events';
import type { Lie } from './lie';

/** One seat in every section that is not closed, so that the last seat is fought for. */
export class LyingSeats {
  private readonly sections = new Map(
    readTerm().map(({ id, capacity }) => [id, { capacity: Math.min(1, capacity), students: new Set<string>() }]),
  );
  private hasLied = false;

  constructor(private readonly lie?: Lie) {}

  capacity(id: string): number {
    return this.section(id).capacity;
  }

  left(id: string): number {
    const { capacity, students } = this.section(id);
    return Math.max(0, capacity - students.size);
  }

  enrolled(student: string): string[] {
    return [...this.sections].filter(([, { students }]) => students.has(student)).map(([id]) => id);
  }

  take(student: string, sectionId: string): SectionOutcome {
    const { capacity, students } = this.section(sectionId);
    if (students.has(student)) return { sectionId, outcome: 'enrolled' };
    if (capacity === 0) return refused(sectionId, 'section_closed');
    if (students.size >= capacity && !this.liesOnce('a seat too many')) return refused(sectionId, 'section_full');
    if (this.liesOnce('a seat refused')) return refused(sectionId, 'time_conflict');
    if (!this.liesOnce('an enrolment lost')) students.add(student);
    return { sectionId, outcome: 'enrolled' };
  }

  private section(id: string): { capacity: number; students: Set<string> } {
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

function refused(sectionId: string, code: string): SectionOutcome {
  return { sectionId, outcome: 'refused', error: { code, message: code, retryable: false } };
}
