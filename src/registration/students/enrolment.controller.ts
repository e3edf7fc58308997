import { Controller, UseGuards } from '@nestjs/common';
import type { StudentWindow } from '../../contract/catalogue';
import type { SignedInStudent } from '../../contract/identity';
import { Asked, Serves } from '../../common/serves';
import type { AskedOf } from '../../contract/call';
import { enrolmentCalls, type Enrolment } from '../../contract/enrolments';
import { CurrentStudent, StudentGuard } from '../../identity/student.guard';
import { CatalogueService } from '../catalogue/catalogue.service';
import type { SectionOutcome } from '../../contract/seats';
import { EnrolmentService } from './enrolment.service';
import { AdmissionToken, IdempotencyKey, OptionalIdempotencyKey } from './request-headers';

/** The signed-in student's enrolments, and when there may be more. */
@UseGuards(StudentGuard)
@Controller()
export class EnrolmentController {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly enrolments: EnrolmentService,
  ) {}

  @Serves(enrolmentCalls.enrolments)
  async list(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId } }: AskedOf<typeof enrolmentCalls.enrolments>,
  ): Promise<{ enrolments: Enrolment[] }> {
    return { enrolments: await this.catalogue.enrolments(termId, student.id) };
  }

  @Serves(enrolmentCalls.studentWindow)
  window(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId } }: AskedOf<typeof enrolmentCalls.studentWindow>,
  ): Promise<StudentWindow> {
    return this.catalogue.window(termId, student.id);
  }

  @Serves(enrolmentCalls.commit)
  async commit(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId }, body: { sectionIds } }: AskedOf<typeof enrolmentCalls.commit>,
    @IdempotencyKey() key: string,
    @AdmissionToken() admission: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.commit(student.id, termId, sectionIds, admission, key) };
  }

  @Serves(enrolmentCalls.swap)
  async swap(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId }, body: sections }: AskedOf<typeof enrolmentCalls.swap>,
    @IdempotencyKey() key: string,
    @AdmissionToken() admission: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.swap(student.id, termId, sections, admission, key) };
  }

  @Serves(enrolmentCalls.drop)
  async drop(
    @CurrentStudent() student: SignedInStudent,
    @Asked() { path: { termId, sectionId: id } }: AskedOf<typeof enrolmentCalls.drop>,
    @OptionalIdempotencyKey() key: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.drop(student.id, termId, id, key) };
  }
}
