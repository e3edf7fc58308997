import { Controller, Logger, UseGuards } from '@nestjs/common';
import { Asked, Serves } from '../common/serves';
import type { AskedOf } from '../contract/call';
import { identityCalls } from '../contract/identity';
import { OperatorActs } from './operator-acts';
import { CurrentOperator, OperatorGuard } from './operator.guard';
import { SignInEnds } from './sign-in-ends';
import { SigningKeys } from './signing-keys';

/** What operators do about sign-ins, and how they find a student in the log. */
@UseGuards(OperatorGuard)
@Controller()
export class SignInOperatorController {
  private readonly logger = new Logger('Identity');

  constructor(
    private readonly ends: SignInEnds,
    private readonly keys: SigningKeys,
    private readonly acts: OperatorActs,
  ) {}

  @Serves(identityCalls.logName)
  logName(@Asked() { path: { studentId } }: AskedOf<typeof identityCalls.logName>): { student: string } {
    return { student: this.keys.logName(studentId) };
  }

  @Serves(identityCalls.endSignIns)
  async endAll(
    @Asked() { path: { studentId }, body: { note } }: AskedOf<typeof identityCalls.endSignIns>,
    @CurrentOperator() operator: string,
  ): Promise<void> {
    await this.ends.endAll(studentId, { by: operator, note });
    await this.acts.note({ operator, act: 'end_sign_ins', studentId, note });
    this.logger.log({ code: 'sign_ins_ended', student: studentId, operator }, 'All sign-ins of a student were ended');
  }
}
