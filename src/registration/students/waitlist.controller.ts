import { Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { sectionIdSchema, termIdSchema } from '../../contract/fields';
import { CheckedParam } from '../../common/validation';
import type { SignedInStudent } from '../../identity/student';
import { CurrentStudent, StudentGuard } from '../../identity/student.guard';
import { EnrolmentService } from './enrolment.service';
import { AdmissionToken, IdempotencyKey, OptionalIdempotencyKey } from './request-headers';
import type { SectionOutcome } from '../../contract/seats';
import { WaitlistService, type WaitlistView } from './waitlist.service';

/** The signed-in student's waitlists. */
@ApiTags('waitlists')
@ApiBearerAuth()
@UseGuards(StudentGuard)
@Controller('api/terms/:termId/waitlists')
export class WaitlistController {
  constructor(
    private readonly waitlists: WaitlistService,
    private readonly enrolments: EnrolmentService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Where the student stands, and which offers are open' })
  async list(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
  ): Promise<{ waitlists: WaitlistView[] }> {
    return { waitlists: await this.waitlists.waitlists(termId, student.id) };
  }

  @Post(':sectionId')
  @HttpCode(200)
  @ApiOperation({ summary: 'Wait for a seat in a full section' })
  async join(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
    @IdempotencyKey() key: string,
    @AdmissionToken() admission: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.joinWaitlist(student.id, termId, id, admission, key) };
  }

  @Delete(':sectionId')
  @ApiOperation({ summary: 'Wait no longer, or decline the offer' })
  async leave(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
    @OptionalIdempotencyKey() key: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.leaveWaitlist(student.id, termId, id, key) };
  }

  @Post(':sectionId/accept')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the seat that was offered' })
  async accept(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
    @OptionalIdempotencyKey() key: string,
  ): Promise<{ results: SectionOutcome[] }> {
    return { results: await this.enrolments.acceptOffer(student.id, termId, id, key) };
  }
}
