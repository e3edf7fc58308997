import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Enrolment } from '../../contract/enrolments';
import type { Section, StudentWindow, Term } from '../../contract/catalogue';
import { groupBy } from '../../common/collections';
import { DomainError } from '../../common/domain-error';
import { Database } from '../../database/database';
import { StudentEntity } from '../../identity/student.entity';
import { EnrolmentEntity } from '../entities/enrolment.entity';
import { MeetingEntity } from '../entities/meeting.entity';
import { SectionEntity } from '../entities/section.entity';
import { TermEntity } from '../entities/term.entity';
import { EnrolmentEvents } from '../ports';
import { classYearOf, seatsLeft } from '../seats/rules';
import { effectivePolicy, readPolicy } from '../seats/seat-policy';
import { findTerm, noSuchTerm } from '../entities/term-row';
import { type Question, ReadLane } from './read-lane';
import { sectionCode, sectionView, studentWindow, windowViews } from './catalogue-views';

/** Of questions about no term in particular: no term's id is empty. */
const ALL_TERMS = '';

/**
 * What can be enrolled in, and what a student has; `CatalogueSearch` finds it. Reads only. What needs no sign-in goes by
 * the lane, so that nobody can keep students from their carts and waitlists by asking for it.
 */
@Injectable()
export class CatalogueService {
  private readonly lane = new ReadLane();

  constructor(
    private readonly database: Database,
    events: EnrolmentEvents,
  ) {
    events.subscribe(({ termId }) => this.changed(termId));
  }

  /** Something of the term has changed, here or on another pod: no answer of before is given any more. */
  changed(termId: string): void {
    this.lane.forget(termId);
    this.lane.forget(ALL_TERMS);
  }

  /** @throws DomainError `busy` */
  terms(signedIn = false): Promise<Term[]> {
    return this.shared({ termId: ALL_TERMS, text: 'terms', signedIn }, async (manager) => {
      const terms = await manager.find(TermEntity, { where: { archivedAt: 0 }, order: { id: 'ASC' } });
      return terms.map(({ id, name, creditLimitHundredths, policy }) => ({
        id,
        name,
        creditLimit: creditLimitHundredths / 100,
        windows: windowViews(readPolicy(policy).windows ?? {}),
      }));
    });
  }

  /** Whether there is such a term, and it is not archived; that stays so until the transaction ends. */
  async has(manager: EntityManager, termId: string): Promise<boolean> {
    const query = manager.createQueryBuilder(TermEntity, 'term').where({ id: termId, archivedAt: 0 });
    if (this.database.kind === 'mysql') query.setLock('pessimistic_read');
    return (await query.getOne()) !== null;
  }

  /** When a student may enrol, as the rules see it. @throws DomainError `not_found` */
  window(termId: string, studentId: string): Promise<StudentWindow> {
    return this.database.read(async (manager) => {
      const term = await findTerm(manager, termId);
      if (term.archivedAt > 0) throw noSuchTerm(termId);
      const student = await manager.findOneBy(StudentEntity, { id: studentId });
      return studentWindow(readPolicy(term.policy).windows ?? {}, classYearOf(student?.classYear));
    });
  }

  /** @throws DomainError `section_not_found`, `busy` */
  section(termId: string, id: string, signedIn = false): Promise<Section> {
    return this.shared({ termId, text: JSON.stringify({ section: id }), signedIn }, async (manager) => {
      const section = await manager.findOneBy(SectionEntity, { id, termId });
      const [view] = section ? await views(manager, termId, [section]) : [];
      if (!view) throw new DomainError('section_not_found', 'There is no such section.', { sectionId: id });
      return view;
    });
  }

  /** By id; those that do not exist are left out. */
  async sections(manager: EntityManager, termId: string, ids: readonly string[]): Promise<Map<string, Section>> {
    const sections = ids.length > 0 ? await manager.findBy(SectionEntity, { id: In([...ids]), termId }) : [];
    return new Map((await views(manager, termId, sections)).map((view) => [view.id, view]));
  }

  /** What sections are called, by id; those that do not exist are left out. */
  names(termId: string, ids: readonly string[]): Promise<Map<string, { code: string; title: string }>> {
    return this.fromReplica(async (manager) => {
      const sections = await manager.findBy(SectionEntity, { id: In([...ids]), termId });
      return new Map(sections.map((section) => [section.id, { code: sectionCode(section), title: section.title }]));
    });
  }

  /** The newest committed counts of the sections that exist; a stale one might never be corrected, hence the primary. */
  seatsLeft(termId: string, ids: string[]): Promise<{ id: string; left: number; version: number; capacity: number }[]> {
    return this.database.read(async (manager) => {
      const sections = await manager.find(SectionEntity, {
        select: { id: true, capacity: true, taken: true, held: true, overrides: true, version: true },
        where: { id: In(ids), termId },
      });
      return sections.map((section) => {
        const { id, version, capacity } = section;
        return { id, left: seatsLeft(section), version, capacity };
      });
    });
  }

  /** What the student has in the term, in order of the sections' names. */
  enrolments(termId: string, studentId: string): Promise<Enrolment[]> {
    return this.database.read(async (manager) => {
      const enrolments = await manager.findBy(EnrolmentEntity, { studentId, termId });
      const term = await manager.findOneBy(TermEntity, { id: termId });
      const ids = enrolments.map(({ sectionId }) => sectionId);
      const sections = await manager.findBy(SectionEntity, { termId, id: In(ids) });
      const enrolledAt = new Map(enrolments.map((enrolment) => [enrolment.sectionId, enrolment.enrolledAt]));
      const ordered = sections.sort((a, b) => (a.searchText < b.searchText ? -1 : 1));
      const dropUntil = ordered.map(({ policy }) => dropUntilOf(policy, term?.policy ?? null));
      return (await views(manager, termId, ordered)).map((section, index) => ({
        section,
        enrolledAt: enrolledAt.get(section.id) ?? 0,
        ...dropUntil[index],
      }));
    });
  }

  private shared<T>(question: Question, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.lane.ask(question, () => this.fromReplica(work));
  }

  private fromReplica<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.read(work, { from: 'replica' });
  }
}

function dropUntilOf(section: string | null, term: string | null): Pick<Enrolment, 'dropUntil'> {
  const { dropUntil } = effectivePolicy(readPolicy(section), readPolicy(term));
  return dropUntil === null ? {} : { dropUntil };
}

async function views(manager: EntityManager, termId: string, sections: SectionEntity[]): Promise<Section[]> {
  if (sections.length === 0) return [];
  const meetings = await manager.find(MeetingEntity, {
    where: { termId, sectionId: In(sections.map(({ id }) => id)) },
    order: { sectionId: 'ASC', position: 'ASC' },
  });
  const bySection = groupBy(meetings, ({ sectionId }) => sectionId);
  return sections.map((section) =>
    sectionView(section, { ...section, left: seatsLeft(section) }, bySection.get(section.id) ?? []),
  );
}
