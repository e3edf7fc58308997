import { Controller, Logger, UseGuards } from '@nestjs/common';
import { Asked, Serves } from '../common/serves';
import type { AskedOf } from '../contract/call';
import { identityCalls } from '../contract/identity';
import { CurrentOperator, OperatorGuard } from './operator.guard';
import { SignInEnds } from './sign-in-ends';

/** What operators do about sign-ins. */
@UseGuards(OperatorGuard)
@Controller()
export class SignInOperatorController {
  private readonly logger = new Logger('Identity');

  constructor(private readonly ends: SignInEnds) {}

  @Serves(identityCalls.endSignIns)
  async endAll(
    @Asked() { path: { studentId }, body: { note } }: AskedOf<typeof identityCalls.endSignIns>,
    @CurrentOperator() operator: string,
  ): Promise<void> {
    await this.ends.endAll(studentId, { by: operator, note });
    this.logger.log(`All sign-ins of a student were ended by ${operator}.`);
  }
}
