import { Injectable } from '@nestjs/common';
import type { SeatPolicyChange, TermPolicyChange, TermPolicyView } from '../../contract/policy';
import type { SectionSeats } from '../../contract/operate/seats';
import { DomainError } from '../../common/domain-error';
import { randomId } from '../../common/ids';
import { Database } from '../../database/database';
import { Roster } from '../../identity/roster';
import { StudentDirectory } from '../../identity/student-directory';
import { DEFAULT_CREDIT_LIMIT_HUNDREDTHS } from '../catalogue/import/catalogue-import';
import { CatalogueService } from '../catalogue/catalogue.service';
import { TermWatch } from '../catalogue/term-watch';
import { hundredths, seatsLeft } from '../seats/rules';
import { SeatActEntity } from '../entities/seat-act.entity';
import { SectionEntity } from '../entities/section.entity';
import { TermEntity } from '../entities/term.entity';
import { SeatLedger } from '../ledger/seat-ledger';
import { changedPolicy, effectivePolicy, readPolicy, termPolicyView, writePolicy } from '../seats/seat-policy';
import { type SectionOutcome } from '../../contract/seats';
import { NOBODY, type OperatorAct } from '../seats/seat-request';
import { assertNotArchived, findTerm, lockTerm } from '../entities/term-row';
import { recordTermAct } from './term-acts';

export interface SectionChange extends SeatPolicyChange {
  /** The number of seats. */
  capacity?: number;
  /** Also below what is in use: nobody is thrown out, and seats given back are not given again until it fits. */
  force?: boolean;
}

const MOST_ACTS_SHOWN = 100;

/** Of mails to somebody who has never said which; a sign-in changes it. */
const FIRST_LANGUAGE = 'en';

/** What operators do to seats, by name and with a reason, through the ledger like everybody. */
@Injectable()
export class SeatOperatorService {
  constructor(
    private readonly database: Database,
    private readonly ledger: SeatLedger,
    private readonly students: StudentDirectory,
    private readonly roster: Roster,
    private readonly terms: TermWatch,
    private readonly catalogue: CatalogueService,
  ) {}

  /** @throws DomainError `section_not_found`, `database_unavailable` */
  seats(termId: string, sectionId: string): Promise<SectionSeats> {
    return this.database.read(async (manager) => {
      const section = await manager.findOneBy(SectionEntity, { id: sectionId, termId });
      if (!section) throw new DomainError('section_not_found', 'There is no such section.', { sectionId });
      const term = await manager.findOneBy(TermEntity, { id: termId });
      const order = { doneAt: 'DESC' } as const;
      const acts = await manager.find(SeatActEntity, { where: { termId, sectionId }, order, take: MOST_ACTS_SHOWN });
      const { capacity, taken, held, overrides, waiting } = section;
      const policy = readPolicy(section.policy);
      return {
        ...{ sectionId, termId, capacity, taken, held, overrides, left: seatsLeft(section), waiting, policy },
        effectivePolicy: effectivePolicy(policy, readPolicy(term?.policy ?? null)),
        acts: acts.map(({ act, operator, note, studentId, doneAt, details }) => ({
          ...{ act, operator, note, studentId, at: doneAt },
          details: JSON.parse(details) as unknown,
        })),
      };
    });
  }

  /**
   * Changes a section's seats and policy; in force for everything that is decided from then on. Seats that are held by
   * an earlier policy keep their time, and open offers stay open.
   *
   * @throws DomainError `section_not_found`, `capacity_below_taken` (with what is in use), and as `SeatLedger.submit`
   */
  async changeSection(
    termId: string,
    sectionId: string,
    { capacity, force, ...policy }: SectionChange,
    act: OperatorAct,
  ): Promise<SectionSeats> {
    const outcomes = await this.ledger.submit({
      kind: 'configure',
      ...{ studentId: NOBODY, termId, sectionIds: [sectionId], idempotencyKey: randomId() },
      ...{ act, capacity, force, policy: Object.keys(policy).length > 0 ? policy : undefined },
    });
    throwRefusal(outcomes);
    return this.seats(termId, sectionId);
  }

  /**
   * Gives a student a seat, beyond the capacity if none is left. Only seats are overridden: what stands in the way of
   * the student's own timetable still does, and the credit limit, unless `anyCredits` is true. Whoever is on the roster
   * can have one, also before the first sign-in.
   *
   * @throws DomainError `not_on_roster`, `section_not_found`, the codes of the rules, and as `SeatLedger.submit`
   */
  async enrol(
    termId: string,
    sectionId: string,
    { studentId, anyCredits }: { studentId: string; anyCredits?: boolean },
    act: OperatorAct,
  ): Promise<SectionSeats> {
    await this.makeKnown(studentId);
    const outcomes = await this.ledger.submit({
      kind: 'override',
      ...{ studentId, termId, sectionIds: [sectionId], idempotencyKey: randomId(), act, anyCredits },
    });
    throwRefusal(outcomes);
    return this.seats(termId, sectionId);
  }

  /**
   * Takes a student's seat away, at any time; the student is told, with the reason. The seat goes to those who wait, or
   * by the release policy.
   *
   * @throws DomainError `not_on_roster`, `section_not_found`, `not_enrolled`, and as `SeatLedger.submit`
   */
  async unenrol(termId: string, sectionId: string, studentId: string, act: OperatorAct): Promise<SectionSeats> {
    const outcomes = await this.ledger.submit({
      kind: 'unenrol',
      ...{ studentId, termId, sectionIds: [sectionId], idempotencyKey: randomId(), act },
    });
    throwRefusal(outcomes);
    return this.seats(termId, sectionId);
  }

  /** Who is on the roster and has never signed in is known as the roster says. */
  private async makeKnown(studentId: string): Promise<void> {
    const entry = this.roster.lookup(studentId);
    if (!entry || (await this.students.find(studentId))) return;
    const { name = studentId, classYear, email } = entry;
    await this.students.upsert({ id: studentId, name, classYear, email, language: FIRST_LANGUAGE });
  }

  /** @throws DomainError `not_found`, `database_unavailable` */
  termPolicy(termId: string): Promise<TermPolicyView> {
    return this.database.read(async (manager) => {
      const term = await findTerm(manager, termId);
      return termPolicyView(readPolicy(term.policy), term.creditLimitHundredths);
    });
  }

  /**
   * Changes what holds for all sections that say nothing else.
   *
   * @throws DomainError `not_found`, `conflict` when it is archived, `database_unavailable`
   */
  async changeTerm(termId: string, change: TermPolicyChange, { operator, note }: OperatorAct): Promise<TermPolicyView> {
    const changed = await this.database.write(async (manager) => {
      const term = await lockTerm(this.database, manager, termId);
      assertNotArchived(term);
      const policy = changedPolicy(readPolicy(term.policy), change);
      const creditLimitHundredths = limitAfter(term.creditLimitHundredths, change.creditLimit);
      await manager.update(TermEntity, { id: termId }, { policy: writePolicy(policy), creditLimitHundredths });
      const doneAt = await this.database.now(manager);
      await recordTermAct(manager, 'term', { termId, doneAt, details: change }, { operator, note });
      return termPolicyView(policy, creditLimitHundredths);
    });
    await this.terms.look();
    this.catalogue.changed(termId);
    return changed;
  }
}

/** @param change in credits; null: the default */
function limitAfter(before: number, change: number | null | undefined): number {
  if (change === undefined) return before;
  return change === null ? DEFAULT_CREDIT_LIMIT_HUNDREDTHS : hundredths(change);
}

function throwRefusal(outcomes: readonly SectionOutcome[]): void {
  const error = outcomes[0]?.error;
  if (error) throw new DomainError(error.code, error.message, error.details);
}
