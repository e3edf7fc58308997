import { Controller, Delete, HttpCode, Logger, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CheckedBody, CheckedParam, openApi } from '../common/validation';
import { CurrentOperator, OperatorGuard } from './operator.guard';
import { SignInEnds } from './sign-in-ends';
import { studentIdSchema } from './student';

const noteSchema = z.strictObject({ note: z.string().trim().min(1).max(200) });

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
  @ApiBody({ schema: openApi(noteSchema) })
  @ApiOperation({ summary: "End all of a student's sign-ins, with the reason; a place in line and seats stay" })
  async endAll(
    @CheckedParam('studentId', studentIdSchema) studentId: string,
    @CheckedBody(noteSchema) { note }: z.infer<typeof noteSchema>,
    @CurrentOperator() operator: string,
  ): Promise<void> {
    await this.ends.endAll(studentId, { by: operator, note });
    this.logger.log(`All sign-ins of a student were ended by ${operator}.`);
  }
}
