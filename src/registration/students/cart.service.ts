import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { CartView } from '../../contract/enrolments';
import { DomainError } from '../../common/domain-error';
import { Database } from '../../database/database';
import { StudentEntity } from '../../identity/student.entity';
import { CartEntity } from '../entities/cart.entity';
import { creditLimitIn, noSuchTerm } from '../entities/term-row';
import { EnrolmentEntity } from '../entities/enrolment.entity';
import { SectionEntity } from '../entities/section.entity';
import { TermEntity } from '../entities/term.entity';
import { classYearOf } from '../seats/rules';
import { readPolicy } from '../seats/seat-policy';
import { Topic } from '../../common/topic';
import { cartObstacles } from './cart-check';
import { cartSections } from './cart-sections';

/** A student's cart of a term was replaced. */
export interface CartChanged {
  studentId: string;
  termId: string;
  /** Of the cart that is kept now; rises with every change. */
  version: number;
}

/** The carts that this pod has committed. Whoever listens tells other pods. */
@Injectable()
export class CartEvents extends Topic<[CartChanged]> {}

/** What is kept of a cart. */
export interface CartContent {
  /** 0: nothing was ever put in. */
  version: number;
  /** In order of preference. */
  sectionIds: string[];
}

/** The carts of all students, shared by their devices. They grant nothing. */
@Injectable()
export class CartService {
  constructor(
    private readonly database: Database,
    private readonly events: CartEvents,
  ) {}

  /** The newest cart; an empty one of version 0 when there is none. */
  async get(termId: string, studentId: string): Promise<CartView> {
    return this.view(termId, studentId, await this.database.read((manager) => contentOf(manager, termId, studentId)));
  }

  /**
   * Replaces the cart that the caller has seen, tells the student's other tabs and devices, and resolves to the new
   * one. The same change sent again, because its answer was lost, is answered in the same way.
   *
   * @throws DomainError `not_found` for the term, `section_not_found`; `conflict` when the cart was changed since that
   * version, with the newest as `details.cart`
   */
  async replace(termId: string, studentId: string, seen: CartContent): Promise<CartView> {
    await this.database.read((manager) => checkSections(manager, termId, seen.sectionIds));
    const now = this.database.clock.now();
    const content = await this.database.write((manager) => save(manager, termId, studentId, seen, now));
    if ('newest' in content) {
      throw new DomainError('conflict', 'The cart was changed on another device.', { cart: content.newest });
    }
    this.events.publish({ studentId, termId, version: content.version });
    return this.view(termId, studentId, content);
  }

  private async view(termId: string, studentId: string, content: CartContent): Promise<CartView> {
    const { enrolledIds, classYear } = await this.database.read(async (manager) => {
      const enrolments = await manager.findBy(EnrolmentEntity, { termId, studentId });
      const student = await manager.findOneBy(StudentEntity, { id: studentId });
      return { enrolledIds: enrolments.map(({ sectionId }) => sectionId), classYear: classYearOf(student?.classYear) };
    });
    return this.database.read(
      async (manager) => {
        const term = await manager.findOneBy(TermEntity, { id: termId });
        const limited = readPolicy(term?.policy ?? null).classYearLimits === true;
        const known = await cartSections(manager, termId, [...content.sectionIds, ...enrolledIds], limited);
        const wanted = content.sectionIds.flatMap((id) => known.get(id) ?? []);
        const creditLimitHundredths = await creditLimitIn(manager, term, { id: studentId, classYear });
        const obstacles = cartObstacles({
          wanted: wanted.map(({ facts }) => facts),
          enrolled: enrolledIds.flatMap((id) => known.get(id)?.facts ?? []),
          creditLimitHundredths,
          classYear,
        });
        return {
          termId,
          ...content,
          sections: wanted.map(({ view }) => view),
          obstacles,
          creditLimit: creditLimitHundredths / 100,
        };
      },
      { from: 'replica' },
    );
  }
}

async function checkSections(manager: EntityManager, termId: string, ids: readonly string[]): Promise<void> {
  if (!(await manager.existsBy(TermEntity, { id: termId, archivedAt: 0 }))) throw noSuchTerm(termId);
  const sections = await manager.find(SectionEntity, { select: { id: true }, where: { termId, id: In([...ids]) } });
  const known = new Set(sections.map(({ id }) => id));
  const sectionIds = ids.filter((id) => !known.has(id));
  if (sectionIds.length === 0) return;
  throw new DomainError('section_not_found', 'The term has no such section.', { sectionIds });
}

/** One row replaced or made, or the newest one when it is not the one that was seen. */
async function save(
  manager: EntityManager,
  termId: string,
  studentId: string,
  seen: CartContent,
  changedAt: number,
): Promise<CartContent | { newest: CartContent }> {
  const content = { sectionIds: JSON.stringify(seen.sectionIds), changedAt };
  const next = { version: seen.version + 1, sectionIds: seen.sectionIds };
  if (seen.version === 0) {
    const row = { studentId, termId, version: 1, ...content };
    await manager.createQueryBuilder().insert().into(CartEntity).values(row).orIgnore().execute();
  } else {
    const where = { studentId, termId, version: seen.version };
    await manager.update(CartEntity, where, { ...content, version: next.version });
  }
  const newest = await contentOf(manager, termId, studentId);
  const same = JSON.stringify(newest.sectionIds) === content.sectionIds;
  return same ? newest : { newest };
}

async function contentOf(manager: EntityManager, termId: string, studentId: string): Promise<CartContent> {
  const row = await manager.findOneBy(CartEntity, { termId, studentId });
  return row
    ? { version: row.version, sectionIds: JSON.parse(row.sectionIds) as string[] }
    : { version: 0, sectionIds: [] };
}
