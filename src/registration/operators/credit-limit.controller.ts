import { Controller, Delete, Get, HttpCode, Post, Put, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import { noteBody, noteSchema, studentIdSchema, termIdSchema } from '../../contract/fields';
import { CheckedBody, CheckedParam } from '../../common/validation';
import { CurrentOperator, OperatorGuard } from '../../identity/operator.guard';
import { readCsvBody } from './term-operator-body';
import { creditLimitSchema } from '../seats/seat-policy';
import { CreditLimits, type StudentCreditLimitView } from './credit-limits';

const setSchema = z
  .strictObject({ creditLimit: creditLimitSchema, note: noteSchema })
  .meta({ example: { creditLimit: 7.5, note: 'Double major, approved by the dean' } });

const clearBody = noteBody('No longer takes two majors');

/** Credit limits of single students. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/terms/:termId/credit-limits')
export class CreditLimitController {
  constructor(private readonly limits: CreditLimits) {}

  @Get()
  @ApiOperation({ summary: 'The students who have a credit limit of their own in the term' })
  async list(@CheckedParam('termId', termIdSchema) termId: string): Promise<{ students: StudentCreditLimitView[] }> {
    return { students: await this.limits.list(termId) };
  }

  @Post('import')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Set the limits of many students: CSV, UTF-8, with the columns student_id and credit_limit (in credits)',
    description: 'All of the file or, when anything is wrong with it, nothing. Students it does not name keep theirs.',
  })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', example: 'student_id,credit_limit\n20231234,21\n20235678,19.5\n' } })
  async import(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CurrentOperator() operator: string,
    @Req() request: Request,
  ): Promise<{ set: number }> {
    return { set: await this.limits.import(termId, await readCsvBody(request), operator) };
  }

  @Put(':studentId')
  @ApiOperation({ summary: 'Set one student’s limit, in credits, in place of that of the class year and the term' })
  async set(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('studentId', studentIdSchema) studentId: string,
    @CheckedBody(setSchema) { creditLimit, note }: z.infer<typeof setSchema>,
    @CurrentOperator() operator: string,
  ): Promise<{ studentId: string; creditLimit: number }> {
    await this.limits.set(termId, studentId, creditLimit, { operator, note });
    return { studentId, creditLimit };
  }

  @Delete(':studentId')
  @ApiOperation({ summary: 'The student has the limit of the class year, or of the term, again' })
  async clear(
    @CheckedParam('termId', termIdSchema) termId: string,
    @CheckedParam('studentId', studentIdSchema) studentId: string,
    @CheckedBody(clearBody) { note }: z.infer<typeof clearBody>,
    @CurrentOperator() operator: string,
  ): Promise<{ studentId: string; creditLimit: null }> {
    await this.limits.set(termId, studentId, null, { operator, note });
    return { studentId, creditLimit: null };
  }
}
