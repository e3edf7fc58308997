import { Controller, UseGuards } from '@nestjs/common';
import { type TermPolicyView } from '../../contract/policy';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { seatOperatorCalls, type SectionSeats } from '../../contract/operate/seats';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { SeatOperatorService } from './seat-operator.service';

/** What operators do to seats: capacity, policies, and seats by hand, with a reason. */
@UseGuards(OperatorGuard)
@Controller()
export class SeatOperatorController {
  constructor(private readonly seats: SeatOperatorService) {}

  @Serves(seatOperatorCalls.termPolicy)
  termPolicy(@Asked() { path: { termId } }: AskedOf<typeof seatOperatorCalls.termPolicy>): Promise<TermPolicyView> {
    return this.seats.termPolicy(termId);
  }

  @Serves(seatOperatorCalls.changeTermPolicy)
  changeTerm(
    @Asked() { path: { termId }, body: { note = '', ...change } }: AskedOf<typeof seatOperatorCalls.changeTermPolicy>,
    @CurrentOperator() operator: string,
  ): Promise<TermPolicyView> {
    return this.seats.changeTerm(termId, change, { operator, note });
  }

  @Serves(seatOperatorCalls.sectionSeats)
  section(
    @Asked() { path: { termId, sectionId: id } }: AskedOf<typeof seatOperatorCalls.sectionSeats>,
  ): Promise<SectionSeats> {
    return this.seats.seats(termId, id);
  }

  @Serves(seatOperatorCalls.changeSection)
  changeSection(
    @Asked()
    {
      path: { termId, sectionId: id },
      body: { note = '', ...change },
    }: AskedOf<typeof seatOperatorCalls.changeSection>,
    @CurrentOperator() operator: string,
  ): Promise<SectionSeats> {
    return this.seats.changeSection(termId, id, change, { operator, note });
  }

  @Serves(seatOperatorCalls.overrideSeat)
  enrol(
    @Asked()
    {
      path: { termId, sectionId: id },
      body: { studentId, note, exceedCreditLimit },
    }: AskedOf<typeof seatOperatorCalls.overrideSeat>,
    @CurrentOperator() operator: string,
  ): Promise<SectionSeats> {
    const student = { studentId, anyCredits: exceedCreditLimit };
    return this.seats.enrol(termId, id, student, { operator, note });
  }

  @Serves(seatOperatorCalls.unenrol)
  unenrol(
    @Asked() { path: { termId, sectionId: id, studentId }, body: { note } }: AskedOf<typeof seatOperatorCalls.unenrol>,
    @CurrentOperator() operator: string,
  ): Promise<SectionSeats> {
    return this.seats.unenrol(termId, id, studentId, { operator, note });
  }
}
