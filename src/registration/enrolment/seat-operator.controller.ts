import { Controller, Delete, Get, HttpCode, Patch, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CheckedBody, CheckedParam, openApi, slug } from '../../common/validation';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { studentIdSchema } from '../../identity/student';
import { sectionId } from '../catalogue/catalogue.controller';
import { noteSchema } from '../operator-note';
import { SeatOperatorService, type SectionSeatsView } from './seat-operator.service';
import { seatPolicyChangeSchema, termPolicyChangeSchema, type TermPolicyView } from '../seat-policy';

const sectionChangeSchema = seatPolicyChangeSchema.extend({
  capacity: z.int().min(0).max(100_000).optional(),
  force: z.boolean().optional(),
  note: noteSchema.optional(),
});

const termChangeSchema = termPolicyChangeSchema.extend({ note: noteSchema.optional() });

const unenrolSchema = z.strictObject({ note: noteSchema });

const overrideSchema = z.strictObject({
  studentId: studentIdSchema,
  note: noteSchema,
  /** The student may come above the limit of credits by this. */
  exceedCreditLimit: z.boolean().default(false),
});

/** What operators do to seats: capacity, policies, and seats by hand, with a reason. */
@ApiTags('operator')
@ApiBearerAuth()
@ApiParam({ name: 'termId' })
@UseGuards(OperatorGuard)
@Controller('api/operator/terms/:termId')
export class SeatOperatorController {
  constructor(private readonly seats: SeatOperatorService) {}

  @Get('policy')
  @ApiOperation({ summary: 'What holds for all sections that say nothing else' })
  termPolicy(@CheckedParam('termId', slug) termId: string): Promise<TermPolicyView> {
    return this.seats.termPolicy(termId);
  }

  @Patch('policy')
  @ApiOperation({
    summary:
      'Change release, waitlists, limits and windows of the term; null = the default. `warnings` in the answer say whom a change leaves free',
  })
  @ApiBody({ schema: openApi(termChangeSchema) })
  changeTerm(
    @CheckedParam('termId', slug) termId: string,
    @CheckedBody(termChangeSchema) { note = '', ...change }: z.infer<typeof termChangeSchema>,
    @CurrentOperator() operator: string,
  ): Promise<TermPolicyView> {
    return this.seats.changeTerm(termId, change, { operator, note });
  }

  @Get('sections/:sectionId')
  @ApiOperation({ summary: 'Seats, policy and acts of one section' })
  @ApiParam({ name: 'sectionId' })
  section(
    @CheckedParam('termId', slug) termId: string,
    @CheckedParam('sectionId', sectionId) id: string,
  ): Promise<SectionSeatsView> {
    return this.seats.seats(termId, id);
  }

  @Patch('sections/:sectionId')
  @ApiOperation({
    summary: 'Change capacity and policy of a section, also while it runs; a policy of null = that of the term',
    description:
      'A capacity of 0 closes the section: nobody new gets in, and waits for it end. ' +
      'A capacity below the seats in use is refused (capacity_below_taken) unless `force` is true. Then nobody is ' +
      'thrown out: the seats beyond it count as overrides, and each that is given back goes to nobody until it fits.',
  })
  @ApiParam({ name: 'sectionId' })
  @ApiBody({ schema: openApi(sectionChangeSchema) })
  changeSection(
    @CheckedParam('termId', slug) termId: string,
    @CheckedParam('sectionId', sectionId) id: string,
    @CheckedBody(sectionChangeSchema) { note = '', ...change }: z.infer<typeof sectionChangeSchema>,
    @CurrentOperator() operator: string,
  ): Promise<SectionSeatsView> {
    return this.seats.changeSection(termId, id, change, { operator, note });
  }

  @Post('sections/:sectionId/enrolments')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give a student of the roster a seat, beyond the capacity if need be; the reason is kept' })
  @ApiParam({ name: 'sectionId' })
  @ApiBody({ schema: openApi(overrideSchema) })
  enrol(
    @CheckedParam('termId', slug) termId: string,
    @CheckedParam('sectionId', sectionId) id: string,
    @CheckedBody(overrideSchema) { studentId, note, exceedCreditLimit }: z.infer<typeof overrideSchema>,
    @CurrentOperator() operator: string,
  ): Promise<SectionSeatsView> {
    const student = { studentId, anyCredits: exceedCreditLimit };
    return this.seats.enrol(termId, id, student, { operator, note });
  }

  @Delete('sections/:sectionId/enrolments/:studentId')
  @ApiOperation({
    summary: 'Take a student’s seat away; the reason is kept, and the student reads it in the mail',
    description: 'The seat goes to those who wait, or by the release policy, as when the student drops it.',
  })
  @ApiParam({ name: 'sectionId' })
  @ApiParam({ name: 'studentId' })
  @ApiBody({ schema: openApi(unenrolSchema) })
  unenrol(
    @CheckedParam('termId', slug) termId: string,
    @CheckedParam('sectionId', sectionId) id: string,
    @CheckedParam('studentId', studentIdSchema) studentId: string,
    @CheckedBody(unenrolSchema) { note }: z.infer<typeof unenrolSchema>,
    @CurrentOperator() operator: string,
  ): Promise<SectionSeatsView> {
    return this.seats.unenrol(termId, id, studentId, { operator, note });
  }
}
