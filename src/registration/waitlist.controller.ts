import { Controller, Delete, Get, Headers, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { randomId } from '../common/ids';
import { CheckedParam, slug } from '../common/validation';
import type { SignedInStudent } from '../identity/student';
import { CurrentStudent, StudentGuard } from '../identity/student.guard';
import { sectionId } from './catalogue.controller';
import { EnrolmentService } from './enrolment.service';
import { ADMISSION_TOKEN, givenAdmission, givenKey, IDEMPOTENCY_KEY } from './request-headers';
import type { SectionOutcome } from './seat-request';
import { WaitlistService, type WaitlistView } from './waitlist.service';

/** The signed-in student's waitlists. */
@ApiTags('waitlists')
@ApiBearerAuth()
@ApiParam({ name: 'termId' })
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
    @CheckedParam('termId', slug) termId: string,
  ): Promise<{ waitlists: WaitlistView[] }> {
    return { waitlists: await this.waitlists.waitlists(termId, student.id) };
  }

  @Post(':sectionId')
  @HttpCode(200)
  @ApiOperation({ summary: 'Wait for a seat in a full section' })
  @ApiHeader({ name: IDEMPOTENCY_KEY, required: true })
  @ApiHeader({ name: ADMISSION_TOKEN, required: true })
  @ApiParam({ name: 'sectionId' })
  async join(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', slug) termId: string,
    @CheckedParam('sectionId', sectionId) id: string,
    @Headers(IDEMPOTENCY_KEY) key: string | undefined,
    @Headers(ADMISSION_TOKEN) token: string | undefined,
  ): Promise<{ results: SectionOutcome[] }> {
    const idempotencyKey = givenKey(key);
    const admission = givenAdmission(token);
    return { results: await this.enrolments.joinWaitlist(student.id, termId, id, admission, idempotencyKey) };
  }

  @Delete(':sectionId')
  @ApiOperation({ summary: 'Wait no longer, or decline the offer' })
  @ApiHeader({ name: IDEMPOTENCY_KEY, required: false })
  @ApiParam({ name: 'sectionId' })
  async leave(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', slug) termId: string,
    @CheckedParam('sectionId', sectionId) id: string,
    @Headers(IDEMPOTENCY_KEY) key: string | undefined,
  ): Promise<{ results: SectionOutcome[] }> {
    const idempotencyKey = givenKey(key ?? randomId());
    return { results: await this.enrolments.leaveWaitlist(student.id, termId, id, idempotencyKey) };
  }

  @Post(':sectionId/accept')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the seat that was offered' })
  @ApiHeader({ name: IDEMPOTENCY_KEY, required: false })
  @ApiParam({ name: 'sectionId' })
  async accept(
    @CurrentStudent() student: SignedInStudent,
    @CheckedParam('termId', slug) termId: string,
    @CheckedParam('sectionId', sectionId) id: string,
    @Headers(IDEMPOTENCY_KEY) key: string | undefined,
  ): Promise<{ results: SectionOutcome[] }> {
    const idempotencyKey = givenKey(key ?? randomId());
    return { results: await this.enrolments.acceptOffer(student.id, termId, id, idempotencyKey) };
  }
}
