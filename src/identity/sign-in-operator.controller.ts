import { Controller, Delete, HttpCode, Logger, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { noteBody, studentIdSchema } from '../contract/fields';
import { CheckedBody, CheckedParam } from '../common/validation';
import { CurrentOperator, OperatorGuard } from './operator.guard';
import { SignInEnds } from './sign-in-ends';

const endBody = noteBody('The student’s phone was stolen');

/** What operators do about sign-ins. */
@ApiTags('operator')
@ApiBearerAuth()
@UseGuards(OperatorGuard)
@Controller('api/operator/students')
export class SignInOperatorController {
  private readonly logger = new Logger('Identity');

  constructor(private readonly ends: SignInEnds) {}

  @Delete(':studentId/sign-ins')
  @HttpCode(204)
  @ApiOperation({ summary: "End all of a student's sign-ins, with the reason; a place in line and seats stay" })
  async endAll(
    @CheckedParam('studentId', studentIdSchema) studentId: string,
    @CheckedBody(endBody) { note }: z.infer<typeof endBody>,
    @CurrentOperator() operator: string,
  ): Promise<void> {
    await this.ends.endAll(studentId, { by: operator, note });
    this.logger.log(`All sign-ins of a student were ended by ${operator}.`);
  }
}
