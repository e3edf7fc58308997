import { Controller, UseGuards } from '@nestjs/common';
import type { SignedInStudent } from '../../contract/identity';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { enrolmentCalls, type Waitlist } from '../../contract/enrolments';
import { CurrentStudent, StudentGuard } from '../../identity/student.guard';
import type { SectionOutcome } from '../../contract/seats';
import { EnrolmentService } from './enrolment.service';
import { AdmissionToken, IdempotencyKey, OptionalIdempotencyKey } from './request-headers';
import { WaitlistService } from './waitlist.service';

/** The signed-in student's waitlists. */
@UseGuards(StudentGuard)
@Controller()
export class WaitlistController {
  constructor(
    private readonly waitlists: WaitlistService,
    private readonly enrolments: EnrolmentService,
  ) {}

  @Serves(enrolmentCalls.waitlists)
  async list(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId } }: AskedOf<typeof enrolmentCalls.waitlists>,
  ): Promise<{ waitlists: Waitlist[] }> {
    return { waitlists: await this.waitlists.waitlists(termId, student.id) };
  }

  @Serves(enrolmentCalls.joinWaitlist)
  async join(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId, sectionId: id } }: AskedOf<typeof enrolmentCalls.joinWaitlist>,
    @IdempotencyKey() key: string,
    @AdmissionToken() admission: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.joinWaitlist(student.id, termId, id, admission, key) };
  }

  @Serves(enrolmentCalls.leaveWaitlist)
  async leave(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId, sectionId: id } }: AskedOf<typeof enrolmentCalls.leaveWaitlist>,
    @OptionalIdempotencyKey() key: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.leaveWaitlist(student.id, termId, id, key) };
  }

  @Serves(enrolmentCalls.acceptOffer)
  async accept(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId, sectionId: id } }: AskedOf<typeof enrolmentCalls.acceptOffer>,
    @OptionalIdempotencyKey() key: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.acceptOffer(student.id, termId, id, key) };
  }
}
