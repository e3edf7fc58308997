import { Controller, Delete, Get, HttpCode, Patch, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { noteBody, noteSchema, sectionIdSchema, studentIdSchema, termIdSchema } from '../../contract/fields';
import { CheckedBody, CheckedParam } from '../../common/validation';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { SeatOperatorService, type SectionSeatsView } from './seat-operator.service';
import { seatPolicyChangeSchema, termPolicyChangeSchema, type TermPolicyView } from '../seats/seat-policy';

const sectionChangeSchema = seatPolicyChangeSchema
  .extend({
    capacity: z.int().min(0).max(100_000).optional(),
    force: z.boolean().optional(),
    note: noteSchema.optional(),
  })
  .meta({ example: { capacity: 45, waitlist: 'offer', offerSeconds: 86_400, note: 'Moved to a larger room' } });

const termChangeSchema = termPolicyChangeSchema.extend({ note: noteSchema.optional() }).meta({
  example: {
    release: { when: 'after_delay', minSeconds: 60, maxSeconds: 600 },
    dropBlocked: [{ from: '00:00', to: '08:00' }],
    dropUntil: '2027-03-05T18:00:00+09:00',
    creditLimit: 6,
    creditLimits: { senior: 7.5 },
    windows: {
      senior: { from: '2027-02-15T09:00:00+09:00', until: '2027-02-19T18:00:00+09:00' },
      other: { from: '2027-02-16T09:00:00+09:00', until: '2027-02-19T18:00:00+09:00' },
    },
    note: 'As the academic calendar says',
  },
});

const unenrolBody = noteBody('Prerequisite not passed');

const overrideSchema = z
  .strictObject({
    studentId: studentIdSchema,
    note: noteSchema,
    /** The student may come above the limit of credits by this. */
    exceedCreditLimit: z.boolean().default(false),
  })
  .meta({
    example: {
      studentId: '20261234',
      note: 'Needs it to graduate, approved by the department',
      exceedCreditLimit: true,
    },
  });

/** What operators do to seats: capacity, policies, and seats by hand, with a reason. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/terms/:termId')
export class SeatOperatorController {
  constructor(private readonly seats: SeatOperatorService) {}

  @Get('policy')
  @ApiOperation({ summary: 'What holds for all sections that say nothing else' })
  termPolicy(@CheckedParam('termId', termIdSchema) termId: string): Promise<TermPolicyView> {
    return this.seats.termPolicy(termId);
  }

  @Patch('policy')
  @ApiOperation({
    summary:
      'Change release, waitlists, limits and windows of the term; null = the default. `warnings` in the answer say whom a change leaves free',
  })
  changeTerm(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedBody(termChangeSchema) { note = '', ...change }: z.infer<typeof termChangeSchema>,
    @CurrentOperator() operator: string,
  ): Promise<TermPolicyView> {
    return this.seats.changeTerm(termId, change, { operator, note });
  }

  @Get('sections/:sectionId')
  @ApiOperation({ summary: 'Seats, policy and acts of one section' })
  section(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
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
  changeSection(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
    @CheckedBody(sectionChangeSchema) { note = '', ...change }: z.infer<typeof sectionChangeSchema>,
    @CurrentOperator() operator: string,
  ): Promise<SectionSeatsView> {
    return this.seats.changeSection(termId, id, change, { operator, note });
  }

  @Post('sections/:sectionId/enrolments')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give a student of the roster a seat, beyond the capacity if need be; the reason is kept' })
  enrol(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
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
  unenrol(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('sectionId', sectionIdSchema) id: string,
    @CheckedParam('studentId', studentIdSchema) studentId: string,
    @CheckedBody(unenrolBody) { note }: z.infer<typeof unenrolBody>,
    @CurrentOperator() operator: string,
  ): Promise<SectionSeatsView> {
    return this.seats.unenrol(termId, id, studentId, { operator, note });
  }
}
